// npm run demo: from a TypeScript construct to a prediction, on this machine. Each step says what it does; a failing one
// says which and why, and ends with exit code 1. Nothing is left behind.
import { readFileSync, readdirSync, mkdtempSync, rmSync, mkdirSync, copyFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { startIsvcRun } from './demo/isvc-run.mjs';
import { agreement, post } from './demo/requests.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const example = join(root, 'examples/01-first-model');

const HELP = `npm run demo [-- OPTIONS]

Synthesizes examples/01-first-model for both modes, serves the manifests on this machine, asks for predictions over
V1 and V2, and compares all 150 answers with scikit-learn's own.

  --keep          leave it running and print the URLs and a curl line; Ctrl-C stops it
  --model FILE    serve this model file instead of the example's
  --help          show this help`;

let step = 0;
const color = process.stdout.isTTY && !process.env.NO_COLOR ? (code, text) => `\x1b[${code}m${text}\x1b[0m` : (_code, text) => text;
const say = (text) => process.stdout.write(`${text}\n`);
const begin = (title) => say(`\n${color(1, `[${++step}/5] ${title}`)}`);

async function main() {
  const options = readOptions();
  if (options.help) return say(HELP);
  const folder = mkdtempSync(join(tmpdir(), 'isvc-demo-'));
  const state = { run: undefined, interrupted: false };
  const interrupt = () => {
    state.interrupted = true;
    void state.run?.stop();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    await steps(options, folder, state);
  } catch (error) {
    if (state.interrupted) {
      process.exitCode = 130;
      process.stderr.write('\nInterrupted; everything is stopped.\n');
    } else {
      process.exitCode = 1;
      process.stderr.write(`\n${color(31, `Step ${step} failed`)}: ${error.message}\n`);
    }
  } finally {
    await state.run?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function steps(options, folder, state) {
  begin('Synthesize examples/01-first-model/main.ts for both modes');
  const dist = synthesize(folder);
  begin('The manifests');
  showManifests(dist);
  begin('Serve that folder on this machine: isvc run');
  const models = modelsFolder(options.model, folder);
  const source = `pvc://iris-models=${models}`;
  say(`$ isvc run ${shown(dist)} --port 0 --map pvc://iris-models=${shown(models)}`);
  state.run = startIsvcRun(root, [dist, '--port', '0', '--map', source, '--json'], say);
  const { gateway, services, milliseconds } = await state.run.ready;
  for (const service of services) say(`  ${service.namespace}/${service.name} is ready at ${service.url}`);
  say(`  ready after ${(milliseconds / 1000).toFixed(2)} s, gateway ${gateway}`);
  begin('Ask for predictions by host name, over V1 and V2');
  const expected = JSON.parse(readFileSync(join(example, 'expected.json'), 'utf8'));
  await showRequests(gateway, services, expected);
  begin(`Compare with what scikit-learn ${expected.versions['scikit-learn']} itself answered`);
  await compare(gateway, services, expected);
  if (options.keep) await keep(gateway, services, expected, state);
  await state.run.stop();
  say(`\n${color(32, 'Done')}: every answer is the same; everything is stopped.`);
}

function readOptions() {
  try {
    return parseArgs({ options: { keep: { type: 'boolean', default: false }, model: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } }).values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${HELP}\n`);
    process.exit(2);
  }
}

function synthesize(folder) {
  const dist = join(folder, 'dist');
  const begun = performance.now();
  const result = spawnSync(process.execPath, [join(root, '.build/examples/01-first-model/main.js')], { encoding: 'utf8', env: { ...process.env, CDK8S_OUTDIR: dist } });
  if (result.status !== 0) throw new Error(`the example did not synthesize: ${result.stderr.trim()}`);
  say(`  ${readdirSync(dist).length} files in ${((performance.now() - begun) / 1000).toFixed(2)} s: ${readdirSync(dist).join(', ')}`);
  return dist;
}

function showManifests(dist) {
  for (const file of readdirSync(dist)) {
    say(color(2, `# ${file}`));
    say(readFileSync(join(dist, file), 'utf8').trimEnd().replace(/^/gm, '  '));
  }
}

/** The folder behind the claim iris-models: the example's, or one with the given file in the model's place. */
function modelsFolder(model, folder) {
  if (!model) return join(example, 'models');
  if (!statSync(model, { throwIfNoEntry: false })?.isFile()) throw new Error(`--model ${model} is not a file`);
  const models = join(folder, 'models');
  mkdirSync(join(models, 'svc'), { recursive: true });
  copyFileSync(model, join(models, 'svc/model.joblib'));
  return models;
}

async function showRequests(gateway, services, expected) {
  const rows = [expected.inputs[0], expected.inputs[100]];
  for (const service of services) {
    const v1 = await post(gateway, service, `/v1/models/${service.name}:predict`, { instances: rows });
    say(`  ${service.mode.padEnd(9)} V1  ${JSON.stringify({ instances: rows })}  ->  ${JSON.stringify(v1)}`);
    const v2 = await post(gateway, service, `/v2/models/${service.name}/infer`, v2Body(rows));
    say(`  ${service.mode.padEnd(9)} V2  shape [${rows.length}, ${rows[0].length}] FP64  ->  ${JSON.stringify(v2.outputs)}`);
  }
}

async function compare(gateway, services, expected) {
  for (const service of services) {
    const v1 = await post(gateway, service, `/v1/models/${service.name}:predict`, { instances: expected.inputs });
    const v2 = await post(gateway, service, `/v2/models/${service.name}/infer`, v2Body(expected.inputs));
    for (const [protocol, answers] of [['V1', v1.predictions], ['V2', v2.outputs[0].data]]) {
      const { equal, differences } = agreement(answers, expected.predict);
      say(`  ${service.mode.padEnd(9)} ${protocol}  ${equal} of ${expected.predict.length} answers equal`);
      if (differences.length > 0) throw new Error(`${service.mode} ${protocol} differs from scikit-learn at rows ${differences.slice(0, 5).join(', ')}`);
    }
  }
}

async function keep(gateway, services, expected, state) {
  say('\nStill running. By host name:');
  for (const service of services) say(`  ${service.mode.padEnd(9)} ${service.url}`);
  const [first] = services;
  say(`Try it:\n  curl -s -H 'Host: ${new URL(first.url).host}' -d '${JSON.stringify({ instances: [expected.inputs[0]] })}' ${gateway}/v1/models/${first.name}:predict`);
  say('Ctrl-C stops it.');
  await state.run.ended;
}

function v2Body(rows) {
  return { inputs: [{ name: 'input-0', shape: [rows.length, rows[0].length], datatype: 'FP64', data: rows }] };
}

function shown(path) {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

await main();
