import { IsvcError } from 'cdk8s-kserve/api';
import { ModelRepository } from '../../src/model/model-repository';
import { createServedModel } from '../../src/server/served-model';
import { serveOptions } from '../../src/server/serve-options';
import { SERVE_FLAGS } from '../../src/server/serve-flags';
import { startServer } from '../../src/server/start-server';
import { parseFlags } from '../../src/cli/flags';
import { silentLog } from '../../src/process/log';
import { fakeModel } from '../support/fake-model';
import { type Answer, ask } from '../support/http';
import { serve } from '../support/served';

const post = (port: number, path: string, body = ''): Promise<Answer> => ask(port, `/v2/repository/${path}`, { method: 'POST', body });

test('without its flag there is no repository to ask', async () => {
  const { port } = await serve();
  for (const path of ['index', 'models/sk/load', 'models/sk/unload']) {
    const answer = await post(port, path);
    expect([answer.status, answer.text]).toEqual([404, '{"detail":"Not Found"}']);
  }
  expect((await ask(port, '/v2/models/sk/ready')).status).toBe(200);
});

test('a model is unloaded, listed as gone, and loaded again', async () => {
  const { port } = await serve({ repositoryApi: true });
  const steps: readonly (readonly [string, string, number, string])[] = [
    ['index', '', 200, '[{"name":"sk","state":"READY","reason":""}]'],
    ['models/sk/unload', '{"parameters":{"unload_dependents":true}}', 200, '{"name":"sk","unload":true}'],
    ['index', '{}', 200, '[{"name":"sk","state":"UNAVAILABLE","reason":"unloaded"}]'],
    ['index', '{"ready":true}', 200, '[]'],
    ['models/sk/load', '{}', 200, '{"name":"sk","load":true}'],
    ['index', '{"ready":true}', 200, '[{"name":"sk","state":"READY","reason":""}]'],
    ['models/nope/load', '', 404, '{"error":"Model with name nope does not exist."}'],
    ['models/nope/unload', '', 404, '{"error":"Model with name nope does not exist."}'],
    ['models/sk/load/more', '', 404, '{"detail":"Not Found"}'],
    ['models//load', '', 404, '{"detail":"Not Found"}'],
  ];
  for (const [path, body, status, text] of steps) {
    const answer = await post(port, path, body);
    expect([path, answer.status, answer.text]).toEqual([path, status, text]);
  }
  expect((await ask(port, '/v2/repository/index')).status).toBe(405);
  expect((await post(port, 'index', '{')).status).toBe(400);
  expect((await ask(port, '/v2')).json()).toMatchObject({ extensions: ['binary_tensor_data', 'model_repository_extension'] });
});

test('an unloaded model answers 503, and a reload that fails says why', async () => {
  const served = createServedModel('sk', fakeModel());
  let broken = false;
  const load = async (): Promise<typeof served> => {
    if (broken) throw new IsvcError('ISVC_MODEL_CORRUPT', 'the file ends too early', { path: '/secret/model' });
    return served;
  };
  const repository = new ModelRepository({ discover: async () => [{ name: 'sk', load }] });
  await repository.loadAll();
  const server = await startServer({ modelName: 'sk', repository, repositoryApi: true, shutdownTimeoutSeconds: 1 });
  try {
    await post(server.port, 'models/sk/unload');
    expect((await ask(server.port, '/v1/models/sk:predict', { body: '{"instances":[[1,2,3,4]]}' })).status).toBe(503);
    broken = true;
    const answer = await post(server.port, 'models/sk/load');
    expect([answer.status, answer.text]).toEqual([503, '{"error":"Model with name sk is not ready: ISVC_MODEL_CORRUPT: the file ends too early"}']);
  } finally {
    await server.close();
  }
});

test.each([['--workers=2'], ['--threads=1']])('the flag is refused together with %s', (other) => {
  const flags = parseFlags(['--model_dir=/m', '--enable_repository_api=true', other], SERVE_FLAGS);
  expect(() => serveOptions(flags, {}, silentLog)).toThrow('--enable_repository_api needs one process without threads');
});
