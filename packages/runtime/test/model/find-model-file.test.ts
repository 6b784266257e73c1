import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { findModelFile } from '../../src/model/find-model-file';

const EXTENSIONS = ['.joblib', '.pkl'];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'isvc-models-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function touch(...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(directory, name), '');
}

async function failure(): Promise<IsvcError> {
  const outcome = await findModelFile(directory, EXTENSIONS).catch((error: unknown) => error);
  if (outcome instanceof IsvcError) return outcome;
  throw new Error(`expected an IsvcError, got ${String(outcome)}`);
}

test('the one file with a known extension is the model, whatever lies beside it', async () => {
  touch('README.md', 'iris.joblib', 'requirements.txt');
  mkdirSync(join(directory, 'old.pkl'));
  expect(await findModelFile(directory, EXTENSIONS)).toBe(join(directory, 'iris.joblib'));
});

test('a link counts as a file, because mounted volumes are made of them', async () => {
  const target = join(directory, '..data');
  writeFileSync(target, '');
  symlinkSync(target, join(directory, 'model.pkl'));
  expect(await findModelFile(directory, EXTENSIONS)).toBe(join(directory, 'model.pkl'));
});

test('a link to a folder is no model', async () => {
  mkdirSync(join(directory, 'folder'));
  symlinkSync(join(directory, 'folder'), join(directory, 'model.pkl'));
  expect((await failure()).code).toBe('ISVC_MODEL_NOT_FOUND');
});

test('extensions that other files have, too, count only where no other model is there', async () => {
  touch('requirements.txt', 'iris.joblib');
  expect(await findModelFile(directory, EXTENSIONS, ['.txt'])).toBe(join(directory, 'iris.joblib'));
  rmSync(join(directory, 'iris.joblib'));
  expect(await findModelFile(directory, EXTENSIONS, ['.txt'])).toBe(join(directory, 'requirements.txt'));
  touch('model.txt');
  await expect(findModelFile(directory, EXTENSIONS, ['.txt'])).rejects.toMatchObject({ code: 'ISVC_MODEL_AMBIGUOUS' });
});

test('several model files are ambiguous and are listed in order', async () => {
  touch('b.pkl', 'a.joblib', 'c.txt');
  const error = await failure();
  expect(error.toLine()).toMatch(/: 2 model files where one is allowed: a\.joblib, b\.pkl; .*\[ISVC_MODEL_AMBIGUOUS\]$/);
});

test('no model file says what was looked for and what is there', async () => {
  touch('model.onnx', 'notes.txt');
  const error = await failure();
  expect(error.code).toBe('ISVC_MODEL_NOT_FOUND');
  expect(error.path).toBe(directory);
  expect(error.message).toBe('no model file; looked for *.joblib, *.pkl, the directory holds model.onnx, notes.txt');
});

test('a long listing is cut and an empty one named', async () => {
  expect((await failure()).message).toContain('the directory holds no files');
  touch(...Array.from({ length: 20 }, (_, index) => `f${String(index).padStart(2, '0')}`));
  expect((await failure()).message).toMatch(/f00, f01, .*f07 and 12 more$/);
});

test('a directory that is not there is a missing model', async () => {
  rmSync(directory, { recursive: true });
  const error = await failure();
  expect([error.code, error.message]).toEqual(['ISVC_MODEL_NOT_FOUND', expect.stringContaining('cannot be read')]);
});
