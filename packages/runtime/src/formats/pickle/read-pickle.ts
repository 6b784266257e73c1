import type { ByteReader } from './byte-reader';
import { CONTAINER_OPCODES } from './opcodes/containers';
import { OBJECT_OPCODES } from './opcodes/objects';
import { SCALAR_OPCODES } from './opcodes/scalars';
import { STACK_OPCODES } from './opcodes/stack';
import { type OpcodeHandler, type OpcodeTable, PickleMachine, type PickleOptions } from './pickle-machine';
import type { PickleValue } from './value';

/** The allow-list of opcodes: what has no entry is refused. */
const HANDLERS: OpcodeTable = handlerTable([SCALAR_OPCODES, CONTAINER_OPCODES, OBJECT_OPCODES, STACK_OPCODES]);

/**
 * Reads one pickle of protocol 0 to 5 from the reader's position up to its STOP, without executing anything.
 *
 * @throws IsvcError ISVC_MODEL_FORBIDDEN for a class or opcode that is not allowed, ISVC_MODEL_CORRUPT for damaged
 * bytes, ISVC_MODEL_UNSUPPORTED beyond the limits.
 */
export function readPickle(reader: ByteReader, options: PickleOptions): PickleValue {
  return new PickleMachine(reader, HANDLERS, options).run();
}

function handlerTable(groups: readonly Readonly<Record<number, OpcodeHandler>>[]): OpcodeTable {
  const table = new Array<OpcodeHandler | undefined>(256).fill(undefined);
  for (const group of groups) {
    for (const [opcode, handler] of Object.entries(group)) table[Number(opcode)] = handler;
  }
  return table;
}
