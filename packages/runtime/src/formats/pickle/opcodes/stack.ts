import { IsvcError } from 'cdk8s-kserve/api';
import { MAX_INTEGER_LENGTH } from '../limits';
import type { OpcodeHandler, PickleMachine } from '../pickle-machine';

/** Newest pickle protocol there is. */
const NEWEST_PROTOCOL = 5;

/** Opcodes about the machine itself: protocol, frames, marks, memo. */
export const STACK_OPCODES: Readonly<Record<number, OpcodeHandler>> = {
  /* PROTO */ 0x80: (m) => {
    const protocol = m.reader.u8();
    if (protocol > NEWEST_PROTOCOL) {
      throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `is written with pickle protocol ${protocol}; 0 to ${NEWEST_PROTOCOL} are read`, {
        path: m.reader.file,
        hint: `save it with protocol=${NEWEST_PROTOCOL}`,
      });
    }
  },
  // A frame is a hint for buffered reading; joblib's raw arrays lie between frames, so its length bounds nothing.
  /* FRAME */ 0x95: (m) => void m.reader.u64(),
  /* MARK */ 0x28: (m) => m.mark(),
  /* POP */ 0x30: (m) => m.popValueOrMark(),
  /* POP_MARK */ 0x31: (m) => void m.popToMark(),
  /* DUP */ 0x32: (m) => m.push(m.top()),
  /* MEMOIZE */ 0x94: (m) => void m.memo.set(m.memo.size, m.top()),
  /* PUT */ 0x70: (m) => void m.memo.set(readIndexLine(m), m.top()),
  /* BINPUT */ 0x71: (m) => void m.memo.set(m.reader.u8(), m.top()),
  /* LONG_BINPUT */ 0x72: (m) => void m.memo.set(m.reader.u32(), m.top()),
  /* GET */ 0x67: (m) => m.recall(readIndexLine(m)),
  /* BINGET */ 0x68: (m) => m.recall(m.reader.u8()),
  /* LONG_BINGET */ 0x6a: (m) => m.recall(m.reader.u32()),
};

function readIndexLine(m: PickleMachine): number {
  const text = m.reader.line();
  if (text.length > MAX_INTEGER_LENGTH || !/^\d+$/.test(text)) throw m.corrupt('has no memo index');
  return Number(text);
}
