/** Rows of a group: their keys lie together, and vectors of four compare them with the top of a tree. */
export const ROWS = 32;

/** Trees that a single row walks at a time, since each waits for memory at every step. */
export const TREES = 8;

/**
 * Keys lie in groups of `ROWS` rows, column after column. The first columns of every group are constant: keys that are
 * never and always less.
 */
export const CONSTANT_COLUMNS = 2;

/**
 * How a node lies in memory: its key, then the byte offset of the column it compares and where the pair of its children lies,
 * both as long as `operandBytes`. A row whose key is less goes to the first of the pair, any other to the second.
 * A tree begins with a pair whose second node is the root; the first is a leaf that nobody asks for. A leaf names its own
 * pair and the constant column that leads back to it, so that the walk stays; its key is the number of its answer.
 */
export interface NodeForm {
  /** A node is two to the power of this many bytes. */
  readonly shift: 3 | 4;
  readonly keyBytes: 4 | 8;
  readonly operandBytes: 2 | 4;
}

/** Half of the memory, for trees of up to 65,536 nodes over columns up to this many bytes: measured a fifth faster. */
export const NARROW: NodeForm = { shift: 3, keyBytes: 4, operandBytes: 2 };
export const WIDE: NodeForm = { shift: 4, keyBytes: 4, operandBytes: 4 };
/** Keys of numbers of double precision. */
export const DOUBLE: NodeForm = { shift: 4, keyBytes: 8, operandBytes: 4 };
export const NARROW_LIMIT = 2 ** 16;

/** Bytes of a group of trees for single rows: where they begin, then `steps` and `watch` as `walkTrees` has them. */
export const GROUP_BYTES = (TREES + 2) * 4;

/**
 * The top of a tree, which is compared with all rows: its first inner nodes level by level, for each the key, the byte offset
 * of the column and a mask; then the nodes below, from left to right. Bits of the mask are those of the nodes below that
 * remain possible for a row that goes right. A tree of no more nodes is all top, and has the numbers of its answers below.
 */
export const TOP_NODES = 15;
export const TOP_NODE = { bytes: 16, column: 8, mask: 12 } as const;
export const BELOW_TOP = TOP_NODES * TOP_NODE.bytes;
export const TOP_BYTES = BELOW_TOP + (TOP_NODES + 1) * 4;

/** A row that still walks: the addresses of its node, its keys and its leaf; so many walk at a time. */
export const STRAGGLER = { bytes: 16, keys: 4, leaf: 8, together: 8 } as const;
