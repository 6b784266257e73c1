import { svcFile, treeFile } from '../../support/handmade-models';
import { array, build, call, dict, dtype, floats, instance, int, integers, list, none, pickle, text, tuple } from '../../support/pickle-writer';
import { type Artifact, type HostileSource, type Random, REFUSED } from '../artifact';

const MEMOIZE = Buffer.of(0x94);
const GET_FIRST = Buffer.of(0x68, 0);

/** Values that are parts of themselves, grow with each opcode, or say that they are larger than the file. */
const STRUCTURES: readonly (readonly [label: string, make: (size: number) => Buffer])[] = [
  ['a list in itself', () => pickle(Buffer.concat([Buffer.of(0x5d), MEMOIZE, GET_FIRST, Buffer.of(0x61)]))],
  ['a dict that is its own value', () => pickle(Buffer.concat([Buffer.of(0x7d), MEMOIZE, text('a'), GET_FIRST, Buffer.of(0x73)]))],
  ['an object that is its own state', () => pickle(Buffer.concat([call('sklearn.svm._classes', 'SVC'), MEMOIZE, GET_FIRST, Buffer.of(0x62)]))],
  ['a model inside itself', () => selfMember('sklearn.multiclass', 'OneVsRestClassifier', 'estimators_', list)],
  ['a pipeline whose step is itself', () => selfMember('sklearn.pipeline', 'Pipeline', 'steps', (self) => list(tuple(text('a'), self)))],
  ['a search over itself', () => selfMember('sklearn.model_selection._search', 'GridSearchCV', 'best_estimator_', (self) => self)],
  ['a union with itself', () => selfMember('sklearn.pipeline', 'FeatureUnion', 'transformer_list', (self) => list(tuple(text('a'), self), tuple(text('b'), self)))],
  ['doubling lists', (size) => pickle(doubling(20 + (size % 80)))],
  ['doubling pipelines', (size) => pickle(doublingPipelines(5 + (size % 40)))],
  ['deep tuples', (size) => pickle(Buffer.concat([none, Buffer.alloc(1000 + size, 0x85)]))],
  ['deep lists', (size) => pickle(Buffer.concat([Buffer.alloc(1000 + size, 0x5d), Buffer.alloc(999 + size, 0x61)]))],
  ['deep pipelines', (size) => pickle(nested(50 + (size % 3000)))],
  ['marks alone', (size) => pickle(Buffer.alloc(size, 0x28))],
  ['values alone', (size) => pickle(Buffer.alloc(100 * size, 0x4e))],
  ['dicts alone', (size) => pickle(Buffer.alloc(20 * size, 0x7d))],
  ['DUP alone', (size) => pickle(Buffer.concat([Buffer.of(0x5d), Buffer.alloc(20 * size, 0x32)]))],
  ['MEMOIZE alone', (size) => pickle(Buffer.concat([none, Buffer.alloc(10 * size, 0x94)]))],
  ['an array larger than its bytes', (size) => pickle(svcWith(array(dtype('f8'), [size, 2 ** 31 - 1], Buffer.alloc(16))))],
  ['an array of elements without bytes', (size) => pickle(svcWith(array(dtype('V0'), [size * 10_000], Buffer.alloc(0))))],
  ['an array of no rows', () => pickle(svcWith(array(dtype('f8'), [0, 2 ** 31 - 1], Buffer.alloc(0))))],
  ['a negative shape', (size) => pickle(svcWith(array(dtype('f8'), [-size, -2], Buffer.alloc(16 * (size % 100)))))],
  ['a joblib array longer than the file', (size) => pickle(joblibArray([2 ** 30, size]))],
  ['a joblib array padded past the file', () => pickle(Buffer.concat([joblibArray([1], { numpy_array_alignment_bytes: int(16) }), Buffer.of(0xff)]))],
  ['a joblib array in its own pickle', (size) => joblibPickles(1 + (size % 40))],
  ['more classes than coefficients', (size) => svcFile({ classes_: integers(Array.from({ length: 2 + (size % 500) }, (_, index) => index).concat(7)) })],
  ['counts of support vectors that are negative', (size) => svcFile({ _n_support: integers([-size, size + 2]) })],
  ['a tree that is its own child', (size) => treeFile({ nodes: chain(size % 50, 0), values: new Array<number>(2 * ((size % 50) + 3)).fill(1) })],
  ['a tree with a child beyond its nodes', (size) => treeFile({ nodes: chain(size % 50, size + 100), values: new Array<number>(2 * ((size % 50) + 3)).fill(1) })],
  ['a tree with a negative child', (size) => treeFile({ nodes: chain(size % 50, -size - 2), values: new Array<number>(2 * ((size % 50) + 3)).fill(1) })],
  ['a tree that compares a feature it has not', (size) => treeFile({ nodes: [{ left: 1, right: 2, feature: size + 2, threshold: 0 }, leaf, leaf], values: [1, 0, 1, 0, 0, 1] })],
  ['a tree without nodes', () => treeFile({ nodes: [], values: [] })],
  ['a tree with fewer values than nodes', () => treeFile({ nodes: [leaf], values: [] })],
  ['a long integer', (size) => pickle(Buffer.concat([Buffer.of(0x8b, 0, 0, 0x10, 0), Buffer.alloc(2 ** 20, size & 0xff)]))],
  ['a long integer of digits', (size) => pickle(Buffer.from(`L${'9'.repeat(size * 50)}L\n`))],
  ['a name without an end', (size) => pickle(call('sklearn.svm._classes', 'S'.repeat(size * 10)))],
];

const leaf = { left: -1, right: -1 };

/** Structures that stay small in the file and would be large, deep or endless for who follows them. */
export const pickleStructures: HostileSource = {
  name: 'pickle: structures',
  makes: `recursion, sharing, depth, huge opcodes, arrays and trees that contradict themselves: ${STRUCTURES.length} kinds`,
  share: 1000,
  make: (random: Random, index: number): Artifact => {
    const [label, make] = STRUCTURES[index % STRUCTURES.length] as (typeof STRUCTURES)[number];
    return { name: 'model.pkl', bytes: make(1 + random(3000)), label, refused: REFUSED };
  },
};

/** An estimator with an attribute that leads back to it. */
function selfMember(module: string, name: string, attribute: string, wrap: (self: Buffer) => Buffer): Buffer {
  return pickle(Buffer.concat([call(module, name), MEMOIZE, dict({ n_features_in_: int(2), [attribute]: wrap(GET_FIRST) }), Buffer.of(0x62)]));
}

/** Each list holds the one before it ten times. */
function doubling(levels: number): Buffer {
  const level = Buffer.concat([Buffer.of(0x71, 0), Buffer.of(0x5d, 0x28), ...Array.from({ length: 10 }, () => GET_FIRST), Buffer.of(0x65)]);
  return Buffer.concat([Buffer.of(0x5d), ...Array.from({ length: levels }, () => level)]);
}

/** Each pipeline has the one before it as two of its steps. */
function doublingPipelines(levels: number): Buffer {
  const step = (name: string): Buffer => tuple(text(name), GET_FIRST);
  const level = Buffer.concat([Buffer.of(0x71, 0), instance('sklearn.pipeline', 'Pipeline', { steps: list(step('a'), step('b')) })]);
  return Buffer.concat([scaler(), ...Array.from({ length: levels }, () => level)]);
}

/** A pipeline in a pipeline in a pipeline, over a step that is not fitted. */
function nested(levels: number): Buffer {
  let inner = instance('sklearn.preprocessing._data', 'StandardScaler', {});
  for (let level = 0; level < levels && inner.length < 200_000; level++) inner = instance('sklearn.pipeline', 'Pipeline', { steps: list(tuple(text('s'), inner)) });
  return inner;
}

function scaler(): Buffer {
  return instance('sklearn.preprocessing._data', 'StandardScaler', { with_mean: Buffer.of(0x88), with_std: Buffer.of(0x88), n_features_in_: int(1), mean_: floats([1], [0]), scale_: floats([2], [1, 1]) });
}

function svcWith(vectors: Buffer): Buffer {
  return instance('sklearn.svm._classes', 'SVC', { kernel: text('linear'), classes_: integers([0, 1]), support_vectors_: vectors, _n_support: integers([1, 1]) });
}

function joblibArray(shape: readonly number[], more: Readonly<Record<string, Buffer>> = {}): Buffer {
  const state = { dtype: dtype('f8'), shape: tuple(...shape.map(int)), order: text('C'), allow_mmap: Buffer.of(0x89), ...more };
  return build(call('joblib.numpy_pickle', 'NumpyArrayWrapper'), dict(state));
}

/** Object arrays whose content is a pickle with an object array. */
function joblibPickles(levels: number): Buffer {
  const wrapper = build(call('joblib.numpy_pickle', 'NumpyArrayWrapper'), dict({ dtype: dtype('O8', '|'), shape: tuple(int(1)), order: text('C') }));
  let inner = pickle(none);
  for (let level = 0; level < levels; level++) inner = pickle(Buffer.concat([wrapper, inner]));
  return inner;
}

/** A chain of comparisons whose last one has this right child. */
function chain(depth: number, last: number): { left: number; right: number; feature?: number; threshold?: number }[] {
  const inner = Array.from({ length: depth + 1 }, (_, index) => ({ left: depth + 1, right: index === depth ? last : index + 1, feature: 0, threshold: 0 }));
  return [...inner, leaf, leaf];
}
