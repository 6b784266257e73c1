import { GROUP_BYTES, type NodeForm, TREES } from './node-form';
import { nextNode } from './walk-step';
import { type Code, wasm, type WasmFunction } from '../web-assembly/assembler';

const { get, set, i32, load, store, add, subtract, or, xor, less, repeatWhile, when } = wasm;
const lanes = (make: (lane: number) => Code): Code => Array.from({ length: TREES }, (_, lane) => make(lane)).flat();

/** `WalkKernel.walkTrees`: the nodes of all lanes in registers, since groups of trees share nothing else. */
export function walkTrees(form: NodeForm): WasmFunction {
  const [trees, end, leaves, left, moved, before, first] = [0, 1, 2, 3, 4, 5, 6];
  const tree = (lane: number): Code => load(get(trees), lane * 4);
  const next = (lane: number): Code => nextNode(form, tree(lane), get(first + lane), (column) => ({ address: column, offset: 0 }));
  const plain = lanes((lane) => set(first + lane, next(lane)));
  const watched = lanes((lane) => [
    ...set(before, get(first + lane)),
    ...set(first + lane, next(lane)),
    ...set(moved, or(get(moved), xor(get(before), get(first + lane)))),
  ]);
  const code = repeatWhile([
    ...set(left, load(get(trees), TREES * 4)),
    ...lanes((lane) => set(first + lane, add(tree(lane), i32(1 << form.shift)))),
    ...when(get(left), repeatWhile([...plain, ...set(left, subtract(get(left), i32(1)))], get(left))),
    ...when(load(get(trees), TREES * 4 + 4), repeatWhile([...plain, ...set(moved, i32(0)), ...watched], get(moved))),
    ...lanes((lane) => store(get(leaves), lane * 4, load(get(first + lane), 0))),
    ...set(leaves, add(get(leaves), i32(TREES * 4))),
    ...set(trees, add(get(trees), i32(GROUP_BYTES))),
  ], less(get(trees), get(end)));
  return { name: 'walkTrees', parameters: 3, locals: 3 + TREES, code };
}
