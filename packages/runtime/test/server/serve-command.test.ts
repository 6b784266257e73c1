import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ask } from '../support/http';
import { IRIS_SVC, runRuntime, serveProcess } from '../support/runtime-process';
import { tempFolder } from '../support/temp-folder';
import { until } from '../../../../test/support/until';

describe('isvc-runtime serve, as a process', () => {
  test('serves a genuine scikit-learn model and ends with 0 on SIGTERM', async () => {
    const runtime = await serveProcess(['--apikey', 'secret', '--enable_latncy_logging=secret', '--nthread=1']);
    const answer = await ask(runtime.port, '/v1/models/sk:predict', { body: '{"instances":[[6.8,2.8,4.8,1.4],[6.0,3.4,4.5,1.6]]}' });
    expect(answer.text).toBe('{"predictions":[1,1]}');
    runtime.child.kill('SIGTERM');
    expect(await runtime.exit).toBe(0);
    expect(runtime.stdout()).toBe('');
    expect(runtime.stderr().trim().split('\n')).toEqual([
      'isvc-runtime: ignored: --nthread (one row is faster without threads), --apikey (unknown), --enable_latncy_logging (unknown, did you mean "--enable_latency_logging"?)',
      expect.stringMatching(/^isvc-runtime: model sk \(SVC, 4 features\) ready on port \d+ after \d+ ms$/),
      'isvc-runtime: SIGTERM: not ready any more, finishing running requests',
      'isvc-runtime: stopped',
    ]);
  });

  test('SIGINT ends it the same way, and a second signal ends it at once', async () => {
    const first = await serveProcess();
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
    const second = await serveProcess(['--drain_delay_seconds=60']);
    second.child.kill('SIGTERM');
    await until('the first signal: seen', () => second.stderr().includes('SIGTERM'));
    second.child.kill('SIGINT');
    expect(await second.exit).toBe(130);
  });

  test('a taken port is one line that names it, exit code 1', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const runtime = runRuntime(['serve', `--model_dir=${IRIS_SVC}`, `--http_port=${port}`]);
    expect(await runtime.exit).toBe(1);
    other.close();
    expect(runtime.stderr()).toBe(`isvc-runtime serve: port ${port} is taken by another process; stop that process or choose another --http_port [ISVC_SERVER_PORT_IN_USE]\n`);
  });

  test('a missing model is one line with the folder, also in the termination message, exit code 1', async () => {
    const folder = tempFolder({ 'readme.md': 'no model' });
    const runtime = runRuntime(['serve', '--model_dir', folder, '--http_port=0']);
    expect(await runtime.exit).toBe(1);
    expect(runtime.stderr()).toMatch(/^isvc-runtime serve: [^\n]+\[ISVC_MODEL_NOT_FOUND\]\n$/);
    expect(runtime.stderr()).toContain(folder);
    expect(`isvc-runtime serve: ${readFileSync(runtime.terminationFile, 'utf8')}\n`).toBe(runtime.stderr());
  });

  test('a corrupt model is one line, exit code 1', async () => {
    const runtime = runRuntime(['serve', '--model_dir', tempFolder({ 'model.joblib': 'not a pickle' }), '--http_port=0']);
    expect(await runtime.exit).toBe(1);
    expect(runtime.stderr()).toMatch(/^isvc-runtime serve: [^\n]*model\.joblib[^\n]*\[ISVC_MODEL_[A-Z]+\]\n$/);
  });

  test.each([
    [[], /--model_dir is required; name the folder/],
    [['--model-dir=x'], /--model_dir is required; [^;]*, not --model-dir \[/],
    [['--model_dir'], /--model_dir needs a value \(text\)/],
    [['--model_dir=x', '--http_port=http'], /--http_port must be an integer from 0 to 65535, got "http"/],
    [['--model_dir=x', '--http_port', '70000', '--enable_latency_logging=maybe'], /--http_port must be .* got "70000"; --enable_latency_logging must be true or false, got "maybe"/],
    [['--model_dir=x', '--nthread=many'], /--nthread must be an integer >= 0, got "many"/],
    [['--model_dir=x', '--predictor_host=p'], /--predictor_host asks for a transformer/],
  ])('%j is refused with exit code 2', async (args, message) => {
    const runtime = runRuntime(['serve', ...args]);
    expect(await runtime.exit).toBe(2);
    expect(runtime.stderr()).toMatch(message);
    expect(runtime.stderr().trim().split('\n')).toHaveLength(1);
  });

  test('--help teaches: usage, every flag with its default, an example', async () => {
    const runtime = runRuntime(['serve', '--help']);
    expect(await runtime.exit).toBe(0);
    expect(runtime.stdout()).toMatch(/^Usage: isvc-runtime serve /);
    for (const word of ['--model_name', '(default: 8080)', '--timeout-keep-alive', 'PREDICT_PROBA', 'curl ', 'Exit codes']) expect(runtime.stdout()).toContain(word);
  });

  test('a signal during the start ends it before it is ready', async () => {
    const runtime = runRuntime(['serve', `--model_dir=${IRIS_SVC}`, '--http_port=0']);
    runtime.child.kill('SIGTERM');
    // Before Node runs our first line the signal's default action ends it.
    expect([143, 'SIGTERM']).toContain(await runtime.exit);
    expect(runtime.stderr()).not.toContain('ready');
  });

  test('it ends when the process that started it has died, where it is told to', async () => {
    const runtime = await serveProcess([], { ISVC_EXIT_WITH_PARENT: '1' });
    expect((await ask(runtime.port, '/')).status).toBe(200);
    runtime.child.stdin?.destroy();
    expect(await runtime.exit).toBe(0);
  });

  test('PREDICT_PROBA=true answers with probabilities', async () => {
    const { port } = await serveProcess([`--model_dir=${join(IRIS_SVC, '..', 'svc-proba.joblib')}`], { PREDICT_PROBA: 'True' });
    const answer = await ask(port, '/v1/models/sk:predict', { body: '{"instances":[[6.8,2.8,4.8,1.4]]}' });
    const [row = []] = (answer.json() as { predictions: number[][] }).predictions;
    expect(row).toHaveLength(3);
    expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1);
  });
});
