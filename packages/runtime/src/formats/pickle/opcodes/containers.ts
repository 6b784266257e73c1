import type { OpcodeHandler, PickleMachine } from '../pickle-machine';
import { PickledObject, type PickleValue } from '../value';

/** Opcodes that make or fill tuples, lists, dicts and sets. */
export const CONTAINER_OPCODES: Readonly<Record<number, OpcodeHandler>> = {
  /* EMPTY_TUPLE */ 0x29: (m) => m.pushContainer([]),
  /* TUPLE1 */ 0x85: (m) => m.pushContainer([m.pop()]),
  /* TUPLE2 */ 0x86: (m) => pushTuple(m, 2),
  /* TUPLE3 */ 0x87: (m) => pushTuple(m, 3),
  /* TUPLE */ 0x74: (m) => m.pushContainer(m.popToMark()),
  /* EMPTY_LIST */ 0x5d: (m) => m.pushContainer([]),
  /* LIST */ 0x6c: (m) => m.pushContainer(m.popToMark()),
  /* APPEND */ 0x61: (m) => append(m, [m.pop()]),
  /* APPENDS */ 0x65: (m) => append(m, m.popToMark()),
  /* EMPTY_DICT */ 0x7d: (m) => m.pushContainer(new Map()),
  /* DICT */ 0x64: (m) => {
    const items = m.popToMark();
    m.pushContainer(new Map());
    setItems(m, items);
  },
  /* SETITEM */ 0x73: (m) => {
    const value = m.pop();
    setItems(m, [m.pop(), value]);
  },
  /* SETITEMS */ 0x75: (m) => setItems(m, m.popToMark()),
  /* EMPTY_SET */ 0x8f: (m) => m.pushContainer(new Set()),
  /* FROZENSET */ 0x91: (m) => m.pushContainer(new Set(m.popToMark())),
  /* ADDITEMS */ 0x90: (m) => addItems(m, m.popToMark()),
};

function pushTuple(m: PickleMachine, length: number): void {
  const items: PickleValue[] = [];
  for (let index = 0; index < length; index++) items.unshift(m.pop());
  m.pushContainer(items);
}

function append(m: PickleMachine, items: readonly PickleValue[]): void {
  const target = m.top();
  const list = target instanceof PickledObject ? (target.items ??= []) : target;
  if (!Array.isArray(list)) throw m.corrupt('adds to something that is not a list');
  for (const item of items) list.push(item);
}

function setItems(m: PickleMachine, items: readonly PickleValue[]): void {
  if (items.length % 2 !== 0) throw m.corrupt('has a key without a value');
  const target = m.top();
  const dict = target instanceof PickledObject ? (target.entries ??= new Map()) : target;
  if (!(dict instanceof Map)) throw m.corrupt('adds to something that is not a dict');
  for (let index = 0; index < items.length; index += 2) {
    dict.set(items[index] as PickleValue, items[index + 1] as PickleValue);
  }
}

function addItems(m: PickleMachine, items: readonly PickleValue[]): void {
  const set = m.top();
  if (!(set instanceof Set)) throw m.corrupt('adds to something that is not a set');
  for (const item of items) set.add(item);
}
