import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspectTritonRepository } from '../../src/inspect/triton-repository';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-triton-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const CONFIG = `
name: "densenet"  # as its folder
backend: "tensorrt"
max_batch_size: 8
dynamic_batching { preferred_batch_size: [4, 8] max_queue_delay_microseconds: 100 }
instance_group [{ count: 1 kind: KIND_GPU gpus: [0, 1] }, { kind: KIND_GPU gpus: 3 }]
`;

describe('inspectTritonRepository', () => {
  it('reads the configuration of every model, whatever its backend', async () => {
    write({ 'densenet/config.pbtxt': CONFIG, 'densenet/1/model.plan': '', 'text/config.pbtxt': 'platform: "ensemble"', 'text/1/note.txt': '' });
    expect(await inspectTritonRepository(folder)).toEqual({
      level: 'repository',
      models: [
        { folder: 'densenet', name: 'densenet', backend: 'tensorrt', maxBatchSize: 8, dynamicBatching: true, gpus: [0, 1, 3] },
        { folder: 'text', backend: 'ensemble', maxBatchSize: 0, dynamicBatching: false, gpus: [] },
      ],
    });
  });

  it.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['a repository without configurations', { 'densenet/1/model.onnx': '' }, 'repository'],
    ['a model with a configuration', { 'config.pbtxt': CONFIG, '1/model.plan': '' }, 'model'],
    ['a model without one', { '1/model.onnx': '', '2/model.onnx': '' }, 'model'],
    ['a SavedModel of TensorFlow', { '1/model.savedmodel/saved_model.pb': '' }, 'model'],
    ['a version', { 'model.onnx': '' }, 'version'],
    ['models whose names are numbers', { '7/config.pbtxt': '', '7/1/model.onnx': '' }, 'repository'],
    ['something else', { 'iris/model.joblib': '', 'README.md': '' }, undefined],
    ['nothing', { }, undefined],
  ])('knows %s', async (_what, files, level) => {
    write(files);
    expect((await inspectTritonRepository(folder))?.level).toBe(level);
  });

  it('says what is wrong with a configuration and reads the others', async () => {
    write({ 'a/config.pbtxt': 'name: {', 'b/config.pbtxt': 'max_batch_size: 4' });
    const found = await inspectTritonRepository(folder);
    expect(found?.models[0]?.problem).toMatch(/^line 1: expected /);
    expect(found?.models[1]).toEqual({ folder: 'b', maxBatchSize: 4, dynamicBatching: false, gpus: [] });
  });
});
