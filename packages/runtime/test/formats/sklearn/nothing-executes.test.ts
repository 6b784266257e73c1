import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { isAllowedGlobal } from '../../../src/formats/sklearn/allowed-globals';
import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { bool, build, call, dict, dtype, instance, int, list, none, pickle, text, tuple } from '../../support/pickle-writer';
import { fixtureBytes } from '../../support/sklearn-fixtures';

/** Calls with which attackers really fill pickles; each would create the marker file in Python. */
function attacks(marker: string): readonly (readonly [name: string, value: Buffer])[] {
  const shell = `touch ${marker}`;
  const python = `open(${JSON.stringify(marker)}, "w")`;
  return [
    ['posix.system', call('posix', 'system', text(shell))],
    ['nt.system', call('nt', 'system', text(shell))],
    ['os.system', call('os', 'system', text(shell))],
    ['os.popen', call('os', 'popen', text(shell))],
    ['subprocess.Popen', call('subprocess', 'Popen', list(text('touch'), text(marker)))],
    ['subprocess.check_output', call('subprocess', 'check_output', list(text('touch'), text(marker)))],
    ['builtins.eval', call('builtins', 'eval', text(python))],
    ['builtins.exec', call('builtins', 'exec', text(python))],
    ['builtins.compile', call('builtins', 'compile', text(python), text('x'), text('exec'))],
    ['builtins.getattr', call('builtins', 'getattr', none, text('x'))],
    ['builtins.__import__', call('builtins', '__import__', text('os'))],
    ['builtins.open', call('builtins', 'open', text(marker), text('w'))],
    ['__builtin__.eval', call('__builtin__', 'eval', text(python))],
    ['runpy.run_path', call('runpy', 'run_path', text(marker))],
    ['importlib.import_module', call('importlib', 'import_module', text('os'))],
    ['functools.reduce', call('functools', 'reduce', none)],
    ['operator.attrgetter', call('operator', 'attrgetter', text('system'))],
    ['types.FunctionType', call('types', 'FunctionType', none)],
    ['__main__.transform', call('__main__', 'transform')],
    ['numpy.load', call('numpy', 'load', text(marker))],
    ['numpy.core.multiarray.fromfile', call('numpy.core.multiarray', 'fromfile', text(marker))],
    ['numpy.testing._private.utils.runstring', call('numpy.testing._private.utils', 'runstring', text(python), dict({}))],
    ['joblib.load', call('joblib', 'load', text(marker))],
    ['joblib.numpy_pickle.os', call('joblib.numpy_pickle', 'os')],
    ['sklearn.utils.os.system', call('sklearn.utils', 'os.system', text(shell))],
    ['sklearnx.evil', call('sklearnx', 'evil')],
    ['cloudpickle.cloudpickle._make_function', call('cloudpickle.cloudpickle', '_make_function')],
    ['torch.storage._load_from_bytes', call('torch.storage', '_load_from_bytes')],
  ];
}

/** Places in a file where a call can hide. */
const PLACES: readonly (readonly [where: string, wrap: (attack: Buffer) => Buffer])[] = [
  ['as the whole pickle', (attack) => pickle(attack)],
  ['as a parameter of an SVC', (attack) => pickle(instance('sklearn.svm._classes', 'SVC', { random_state: attack }))],
  ['deep in containers', (attack) => pickle(list(tuple(int(1), dict({ a: list(attack) }))))],
  ['in a zlib-compressed file', (attack) => deflateSync(pickle(attack))],
  ['in a gzip-compressed file', (attack) => gzipSync(pickle(attack))],
  ['in a value that is thrown away', (attack) => pickle(Buffer.concat([attack, Buffer.of(0x30), none]))],
  ['in the pickle of an object array inside a joblib file', (attack) => pickle(Buffer.concat([objectArrayWrapper(), pickle(attack)]))],
];

function objectArrayWrapper(): Buffer {
  const state = { dtype: dtype('O8', '|'), shape: tuple(int(1)), order: text('C'), allow_mmap: bool(false) };
  return build(call('joblib.numpy_pickle', 'NumpyArrayWrapper'), dict(state));
}

describe('a file that calls what is not allowed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-hostile-'));
  const marker = join(folder, 'executed');
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(attacks(marker))('%s is refused by name wherever it hides, and nothing runs', (name, attack) => {
    for (const [, wrap] of PLACES) {
      const error = isvcErrorOf(() => sklearnFormat.parse(wrap(attack), 'model.joblib'));
      expect(error.code).toBe('ISVC_MODEL_FORBIDDEN');
      expect(error.message).toContain(`names ${name} at byte `);
      expect(error.message).toContain('nothing was executed');
      expect(error.hint).toMatch(/ONNX/);
    }
    expect(existsSync(marker)).toBe(false);
  });

  test('the message points at the opcode that names it', () => {
    const error = isvcErrorOf(() => sklearnFormat.parse(pickle(call('posix', 'system', text('id'))), 'model.pkl'));
    expect(error.message).toContain('names posix.system at byte 23,');
  });

  test('a protocol 0 pickle of os.system, as written by hand, is refused', () => {
    const error = isvcErrorOf(() => sklearnFormat.parse(Buffer.from(`cos\nsystem\n(S'touch ${marker}'\ntR.`), 'model.pkl'));
    expect(error.toLine()).toMatch(/^model\.pkl: names os\.system at byte 0, .*\[ISVC_MODEL_FORBIDDEN\]$/);
    expect(existsSync(marker)).toBe(false);
  });

  test('control characters of a hostile name do not reach the message', () => {
    const error = isvcErrorOf(() => sklearnFormat.parse(pickle(call('os\n\u001b[31m', 'x'.repeat(5000))), 'model.pkl'));
    expect(error.message).not.toMatch(/[\x00-\x1f]/);
    expect(error.message.length).toBeLessThan(300);
  });

  test.each([
    ['PERSID', Buffer.from('Pnetwork\n')],
    ['BINPERSID', Buffer.concat([none, Buffer.of(0x51)])],
    ['EXT1', Buffer.of(0x82, 1)],
    ['EXT2', Buffer.of(0x83, 1, 0)],
    ['EXT4', Buffer.of(0x84, 1, 0, 0, 0)],
    ['INST', Buffer.from('(ios\nsystem\n')],
    ['OBJ', Buffer.concat([Buffer.of(0x28), none, Buffer.of(0x6f)])],
    ['NEXT_BUFFER', Buffer.of(0x97)],
    ['READONLY_BUFFER', Buffer.of(0x98)],
  ])('opcode %s is refused by name', (name, value) => {
    const error = isvcErrorOf(() => sklearnFormat.parse(pickle(value), 'model.pkl'));
    expect(error.code).toBe('ISVC_MODEL_FORBIDDEN');
    expect(error.message).toMatch(new RegExp(`uses opcode ${name} at byte \\d+,`));
  });
});

test('a genuine file with one renamed class is refused for that class', () => {
  const bytes = fixtureBytes('svc-rbf.joblib');
  const at = bytes.indexOf('sklearn.svm._classes');
  bytes.write('sklearm.svm._classes', at);
  const error = isvcErrorOf(() => sklearnFormat.parse(bytes, 'model.joblib'));
  expect(error.code).toBe('ISVC_MODEL_FORBIDDEN');
  expect(error.message).toContain('sklearm.svm._classes.SVC');
});

test.each([
  ['sklearn.svm._classes', 'SVC', true],
  ['sklearn', 'SVC', true],
  ['numpy._core.multiarray', '_reconstruct', true],
  ['copyreg', '_reconstructor', true],
  ['sklearn.svm._classes', 'SVC.fit', false],
  ['sklearn.svm\nos', 'SVC', false],
  ['sklearn_evil', 'SVC', false],
  ['numpy', 'save', false],
  ['scipy', 'io', false],
  ['scipy.sparse._csr', 'csr_matrix', true],
  ['builtins', 'dict', true],
  ['builtins', 'delattr', false],
  ['', '', false],
])('the allow-list answers for %p %p: %p', (module, name, allowed) => {
  expect(isAllowedGlobal(module, name)).toBe(allowed);
});
