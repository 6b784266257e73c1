/** A binary tree by the children of its nodes; a leaf has a negative left child. */
export interface Children {
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
}

/**
 * One step of a depth-first walk: a node, and where the parent is whose right child it is (-1 for the root and left
 * children). Returns where the node itself is, which is 0 or more.
 */
export type Visit = (node: number, rightOf: number) => number;

/**
 * Walks a tree from node 0, parents first and left before right, each left child right behind its parent.
 *
 * @returns a problem for an error message where a child does not exist or is reached twice, which a cycle is a case of;
 * the walk visits no node twice and so always ends.
 */
export function walkTree({ left, right }: Children, visit: Visit): string | undefined {
  const count = left.length;
  const seen = new Uint8Array(count);
  const pending = [0, -1];
  while (pending.length > 0) {
    const rightOf = pending.pop() as number;
    const node = pending.pop() as number;
    if (seen[node] === 1) return `node ${node} has two parents`;
    seen[node] = 1;
    const place = visit(node, rightOf);
    const toLeft = left[node] as number;
    if (toLeft < 0) continue;
    const toRight = right[node] as number;
    if (!isNode(toLeft, count) || !isNode(toRight, count)) return `node ${node} of ${count} has the children ${toLeft} and ${toRight}`;
    pending.push(toRight, place, toLeft, -1);
  }
  return undefined;
}

function isNode(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < count;
}
