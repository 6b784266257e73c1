import type { NodeForm } from './node-form';
import { type Code, wasm } from '../web-assembly/assembler';

const { load, add, shiftLeft } = wasm;

/** Whether a node is not a leaf: 1 or 0. `constants` is the byte offset behind the constant columns. */
export function isInner({ keyBytes, operandBytes }: NodeForm, node: Code, constants: number): Code {
  const column = (operandBytes === 2 ? wasm.loadShort : load)(node, keyBytes);
  return wasm.notLess(column, wasm.i32(constants));
}

/**
 * The node after one of the tree that begins at `tree`. Comparisons are arithmetic: a processor guesses half of the branches
 * of a tree wrong.
 *
 * @param node without side effects, as it is asked for more than once.
 * @param key where the key lies that is compared, from the offset of its column.
 */
export function nextNode(form: NodeForm, tree: Code, node: Code, key: (column: Code) => { readonly address: Code; readonly offset: number }): Code {
  const { shift, keyBytes, operandBytes } = form;
  const operand = (index: number): Code => (operandBytes === 2 ? wasm.loadShort : load)(node, keyBytes + index * operandBytes);
  // Narrow nodes name the first child by its number in the tree, others by its address.
  const pair = operandBytes === 2 ? add(tree, shiftLeft(operand(1), shift)) : operand(1);
  const { address, offset } = key(operand(0));
  const second = keyBytes === 4 ? wasm.notLess(load(address, offset), load(node, 0)) : wasm.notLessLong(wasm.loadLong(address, offset), wasm.loadLong(node, 0));
  return add(pair, shiftLeft(second, shift));
}
