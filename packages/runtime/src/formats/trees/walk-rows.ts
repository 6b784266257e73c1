import { CONSTANT_COLUMNS, type NodeForm, ROWS, STRAGGLER } from './node-form';
import { passTop, TOP_VECTORS } from './pass-top';
import { isInner, nextNode } from './walk-step';
import { type Code, wasm, type WasmFunction } from '../web-assembly/assembler';

/** Steps of stragglers between two looks at who has arrived. */
const STRAGGLER_STEPS = 2;

const { get, set, i32, load, store, add, subtract, shiftLeft, less, repeatWhile, when } = wasm;
const times = (count: number, make: (index: number) => Code): Code => Array.from({ length: count }, (_, index) => make(index)).flat();

const [tree, top, topEnd, steps, list, group, leaves, end, row, left, at, from, node, last, vectors] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];

/**
 * `WalkKernel.walkRows`. Nodes lie in the memory of the leaves while rows walk: registers are few, and with eight rows in
 * them the compiler loads for all rows before it compares for the first, and stores what it loaded.
 */
export function walkRows(form: NodeForm): WasmFunction {
  const step = (lane: number): Code => [
    ...set(node, load(get(leaves), lane * 4)),
    ...store(get(leaves), lane * 4, nextNode(form, get(tree), get(node), (column) => ({ address: add(get(row), column), offset: lane * form.keyBytes }))),
  ];
  const code = [
    ...set(at, get(list)),
    ...repeatWhile([
      ...passTop(form, { top, topEnd, row, leaves, node, column: left, vectors }),
      ...set(left, get(steps)),
      ...when(get(left), repeatWhile([...times(ROWS, step), ...set(left, subtract(get(left), i32(1)))], get(left))),
      ...when(get(list), times(ROWS, (lane) => [
        ...set(node, load(get(leaves), lane * 4)),
        ...keepStraggler(form, add(get(row), i32(lane * form.keyBytes)), add(get(leaves), i32(lane * 4))),
      ])),
      ...times(ROWS, (lane) => store(get(leaves), lane * 4, load(load(get(leaves), lane * 4), 0))),
      ...set(row, add(get(row), get(group))),
      ...set(leaves, add(get(leaves), i32(ROWS * 4))),
    ], less(get(leaves), get(end))),
    ...repeatWhileSome(walkStragglers(form)),
  ];
  return { name: 'walkRows', parameters: 8, locals: 6, vectors: TOP_VECTORS, code };
}

/** Adds the row at `node` to the list, unless that is a leaf. */
function keepStraggler(form: NodeForm, keys: Code, leaf: Code): Code {
  return [
    ...store(get(at), 0, get(node)),
    ...store(get(at), STRAGGLER.keys, keys),
    ...store(get(at), STRAGGLER.leaf, leaf),
    ...set(at, add(get(at), shiftLeft(isInner(form, get(node), CONSTANT_COLUMNS * ROWS * form.keyBytes), Math.log2(STRAGGLER.bytes)))),
  ];
}

/** Rows that have not arrived take a few steps more, and form the next list. */
function walkStragglers(form: NodeForm): Code {
  const { bytes, keys, leaf, together } = STRAGGLER;
  const step = (lane: number): Code => [
    ...set(node, load(get(from), lane * bytes)),
    ...store(get(from), lane * bytes, nextNode(form, get(tree), get(node), (column) => ({ address: add(load(get(from), lane * bytes + keys), column), offset: 0 }))),
  ];
  return [
    // The leaf in the first pair fills up the list; its number goes to a place that nobody reads.
    ...times(together - 1, (lane) => [
      ...store(get(at), lane * bytes, get(tree)),
      ...store(get(at), lane * bytes + keys, i32(0)),
      ...store(get(at), lane * bytes + leaf, get(end)),
    ]),
    ...set(last, get(at)),
    ...set(at, get(list)),
    ...set(from, get(list)),
    ...repeatWhile([
      ...times(STRAGGLER_STEPS, () => times(together, step)),
      ...times(together, (lane) => [
        ...set(node, load(get(from), lane * bytes)),
        ...set(left, load(get(from), lane * bytes + leaf)),
        ...store(get(left), 0, load(get(node), 0)),
        ...keepStraggler(form, load(get(from), lane * bytes + keys), get(left)),
      ]),
      ...set(from, add(get(from), i32(together * bytes))),
    ], less(get(from), get(last))),
  ];
}

const repeatWhileSome = (body: Code): Code => when(less(get(list), get(at)), repeatWhile(body, less(get(list), get(at))));
