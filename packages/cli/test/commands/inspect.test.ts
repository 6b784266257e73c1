import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../src/io';
import { runIsvc } from '../../src/program';

const SVC = join(__dirname, '../../../../examples/01-first-model/models/svc');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-inspect-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function isvc(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: { write: (t: string) => (out += t) }, err: { write: (t: string) => (err += t) }, colors: false, signals: new EventEmitter(), now: () => new Date(0), exitCode: 0,
  };
  return { code: await runIsvc(['inspect', ...argv], io), out, err };
}

describe('isvc inspect', () => {
  it('shows a model that would be served, exit code 0', async () => {
    expect(await isvc(SVC)).toEqual({
      code: 0,
      err: '',
      out: `svc  model.joblib (sklearn, 4.8 KiB)
  servable    yes
  estimator   sklearn.svm._classes.SVC
  written by  scikit-learn 1.5.2
  input       input-0 FP64 [-1, 4]
  output      output-0 INT64 [-1]
  answers     predict, decision_function
  classes     0, 1, 2
  names       4 in the pickle, all allowed:
              joblib.numpy_pickle.NumpyArrayWrapper, numpy.dtype, numpy.ndarray, sklearn.svm._classes.SVC
`,
    });
  });

  it('shows what is refused and the way out, exit code 1', async () => {
    writeFileSync(join(folder, 'model.pkl'), 'cos\nsystem\n.');
    const { code, out } = await isvc(folder);
    expect(code).toBe(1);
    expect(out).toMatch(/servable {4}no: names os\.system at byte 0, .*\[ISVC_MODEL_FORBIDDEN\]\n {2}way out {5}save the model again/);
    expect(out).toContain('  refused     os.system: starts programs when Python opens the file\n  names       1 in the pickle, 0 allowed\n');
  });

  it('gives the same as JSON', async () => {
    writeFileSync(join(folder, 'model.pkl'), 'cos\nsystem\n.');
    const { code, out } = await isvc(folder, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, { layout: 'one model', models: [{ file: 'model.pkl', servable: false, refusal: { code: 'ISVC_MODEL_FORBIDDEN' }, names: [{ name: 'os.system', allowed: false }] }] }]);
  });

  it('says that there is nothing to read, exit code 2', async () => {
    for (const path of [join(folder, 'none'), folder]) {
      const { code, out, err } = await isvc(path);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^isvc: .*\[ISVC_MODEL_NOT_FOUND\]\n$/);
    }
  });

  it('lets no terminal codes of a file through', async () => {
    writeFileSync(join(folder, 'model.pkl'), 'cos\n\u001b[2Jsystem\n.');
    const { out } = await isvc(folder);
    expect(out).not.toMatch(/\u001b/);
    expect(out).toContain('os.?[2Jsystem');
  });
});
