import { join } from 'node:path';
import { faultServer, json } from '../support/fault-server';
import { ask } from '../support/http';
import { runRuntime, serveProcess } from '../support/runtime-process';
import { tempFolder } from '../support/temp-folder';

const PREDICTOR = `exports.Upper = class Upper { load() { this.ready = true; } predict({ instances }) { return { predictions: instances.map((t) => t.toUpperCase()) }; } };`;

const moduleOf = (name: string, text: string): string => join(tempFolder({ [name]: text }), name);
const predict = (port: number, body: string): Promise<unknown> => ask(port, '/v1/models/sk:predict', { body }).then((answer) => answer.json());

describe('isvc-runtime serve --model_module', () => {
  test.each([
    ['a class of a CommonJS module', 'model.cjs', PREDICTOR],
    ['the default export of an ES module', 'model.mjs', 'export default class { predict({ instances }) { return { predictions: instances.map((t) => t.toUpperCase()) }; } }'],
    ['an object', 'model.mjs', 'export const version = 1; export const Model = { predict: async ({ instances }) => ({ predictions: instances.map((t) => t.toUpperCase()) }) };'],
  ])('serves %s', async (_what, name, text) => {
    const runtime = await serveProcess([`--model_module=${moduleOf(name, text)}`]);
    expect(await predict(runtime.port, '{"instances":["a","b"]}')).toEqual({ predictions: ['A', 'B'] });
    runtime.child.kill('SIGTERM');
    expect(await runtime.exit).toBe(0);
  });

  test('serves the main module of a folder', async () => {
    const folder = tempFolder({ 'package.json': '{"main":"lib/model.js"}', 'lib/model.js': PREDICTOR });
    const { port } = await serveProcess([`--model_module=${folder}`]);
    expect(await predict(port, '{"instances":["a"]}')).toEqual({ predictions: ['A'] });
  });

  test('with --predictor_host it is a transformer', async () => {
    const predictor = await faultServer((response) => json(response, 200, { predictions: ['x'] }));
    const module = moduleOf('t.mjs', 'export class Model { postprocess({ predictions }) { return { predictions: [...predictions, "y"] }; } }');
    const { port } = await serveProcess([`--model_module=${module}`, `--predictor_host=127.0.0.1:${predictor.port}`, '--enable_predictor_health_check', '--predictor_request_timeout_seconds', '5']);
    expect(await predict(port, '{"instances":[1]}')).toEqual({ predictions: ['x', 'y'] });
  });

  test.each([
    ['no model in it', 'a.mjs', 'export const a = 1;', 'the module exports no model; it exports a'],
    ['broken', 'a.mjs', 'export class {', 'the module cannot be imported'],
    ['a class whose constructor throws', 'a.mjs', 'export class Model { constructor() { throw new Error("no"); } predict() {} }', 'the constructor of Model failed: no'],
    ['a load that fails', 'a.mjs', 'export class Model { async load() { throw new Error("no weights"); } predict() {} }', 'load() of "sk" failed: no weights'],
  ])('a module with %s is one line, exit code 1', async (_what, name, text, message) => {
    const runtime = runRuntime(['serve', '--model_name=sk', `--model_module=${moduleOf(name, text)}`, '--http_port=0']);
    expect(await runtime.exit).toBe(1);
    expect(runtime.stderr()).toContain(message);
    expect(runtime.stderr()).toMatch(/^isvc-runtime serve: [^\n]+\[ISVC_SERVER_OWN_MODEL\]\n$/);
  });

  test('a predictor without a transformer is a wrong command line', async () => {
    const runtime = runRuntime(['serve', '--predictor_host=x', '--http_port=0']);
    expect(await runtime.exit).toBe(2);
    expect(runtime.stderr()).toContain('name it with --model_module');
  });
});
