import type { RawTree } from '../ensemble';
import type { StructReader } from './struct-reader';

/** Bytes of the parameters of a tree, of a node, and of what is recorded about a node for statistics. */
const PARAMETERS = 148;
const NODE = 20;
const STATISTICS = 16;

/** The highest bit of the feature says that missing values go left. */
const MISSING_LEFT = 0x80000000;

export function readLegacyTree(input: StructReader): RawTree {
  const { reader } = input;
  const parameters = input.struct(PARAMETERS);
  const count = parameters.readInt32LE(4);
  const vectorSize = parameters.readInt32LE(20);
  if (count < 1) throw reader.corrupt(`a tree of ${count} nodes`);
  if (vectorSize > 1) throw reader.corrupt('a tree with a vector in each leaf, which this format never had');
  const nodes = input.struct(count * NODE);
  input.struct(count * STATISTICS);
  const tree = {
    left: new Int32Array(count),
    right: new Int32Array(count),
    feature: new Float64Array(count),
    condition: new Float32Array(count),
    defaultLeft: new Uint8Array(count),
  };
  for (let node = 0; node < count; node++) {
    const at = node * NODE;
    const feature = nodes.readUInt32LE(at + 12);
    tree.left[node] = nodes.readInt32LE(at + 4);
    tree.right[node] = nodes.readInt32LE(at + 8);
    tree.feature[node] = feature % MISSING_LEFT;
    tree.defaultLeft[node] = feature >= MISSING_LEFT ? 1 : 0;
    tree.condition[node] = nodes.readFloatLE(at + 16);
  }
  return tree;
}
