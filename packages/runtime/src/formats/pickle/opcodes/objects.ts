import type { OpcodeHandler, PickleMachine } from '../pickle-machine';
import { PickledGlobal, PickledObject, type PickleValue } from '../value';

/** Opcodes with which Python imports, calls and restores. Here they only note down what was asked for. */
export const OBJECT_OPCODES: Readonly<Record<number, OpcodeHandler>> = {
  /* GLOBAL */ 0x63: (m) => {
    const module = m.reader.line();
    m.push(m.global(module, m.reader.line()));
  },
  /* STACK_GLOBAL */ 0x93: (m) => {
    const name = m.pop();
    const module = m.pop();
    if (typeof module !== 'string' || typeof name !== 'string') throw m.corrupt('has no module and name');
    m.push(m.global(module, name));
  },
  /* REDUCE */ 0x52: (m) => {
    pushObject(m, popTuple(m));
  },
  /* NEWOBJ */ 0x81: (m) => {
    pushObject(m, popTuple(m));
  },
  /* NEWOBJ_EX */ 0x92: (m) => {
    const keywords = m.pop();
    const args = popTuple(m);
    if (!(keywords instanceof Map)) throw m.corrupt('has no keyword arguments');
    pushObject(m, [...args, keywords]);
  },
  /* BUILD */ 0x62: (m) => {
    const state = m.pop();
    const object = m.top();
    if (!(object instanceof PickledObject)) throw m.corrupt('restores something that is not an object');
    if (object.state !== undefined) throw m.corrupt('restores an object a second time');
    object.state = state;
    m.options.readAttachment?.(object, m.reader, () => m.runNested());
  },
};

function popTuple(m: PickleMachine): PickleValue[] {
  const args = m.pop();
  if (!Array.isArray(args)) throw m.corrupt('has no tuple of arguments');
  return args;
}

function pushObject(m: PickleMachine, args: readonly PickleValue[]): void {
  const callee = m.pop();
  if (!(callee instanceof PickledGlobal)) throw m.corrupt('applies to something that is not a class');
  m.pushContainer(new PickledObject(callee, args, m.offset));
}
