import { connect as connectHttp2 } from 'node:http2';
import { type Random, mutate, oneOf } from '../support/fuzz';
import { ask } from '../support/http';
import { PREFACE, FRAME, callFrames, framesOf, http2Frame, settings } from '../support/http2-frames';
import type { Fuzzer } from './fuzzer';
import { GOOD_MESSAGE, INFER, assertAnswered } from './grpc-messages';
import { GOOD_BODY, GOOD_PATH } from './rest-messages';
import { throwAt } from './throw-at';

/** What a client of Node sends for a call: settings, a window, headers, data in a frame and the end in another. */
const CALL = Buffer.concat([settings([2, 0], [4, 65_535]), http2Frame(FRAME.windowUpdate, 0, 0, Buffer.of(0, 0, 0xff, 0xff)), callFrames(1, INFER, GOOD_MESSAGE), callFrames(3, INFER, GOOD_MESSAGE)]);
const ERROR_OFFSET = 4;

/** Damaged connections of HTTP/2, frames that no library sends among them. */
export const HTTP2_BYTES: Fuzzer = {
  protocol: 'http2-bytes',
  seeds: 2,
  // Together, as some are let go only when nothing has come for a while.
  atOnce: 50,
  idleSeconds: 0.5,
  connect({ port }) {
    return {
      async send(random) {
        const frames = framesOf(await throwAt(port, bytesOf(random), random(5) === 0));
        const answered = frames.some(({ type }) => type === FRAME.data);
        const goaway = frames.filter(({ type }) => type === FRAME.goaway).at(-1);
        const code = goaway?.payload.readUInt32BE(ERROR_OFFSET);
        return { answer: code === undefined || code === 0 ? (answered ? 'answered' : 'closed') : `goaway ${code}`, kept: answered, refused: !answered };
      },
      async works() {
        const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => {});
        await assertAnswered(session).finally(() => session.destroy());
        const { status } = await ask(port, GOOD_PATH, { body: GOOD_BODY });
        if (status !== 200) throw new Error(`${status} for a good request of HTTP/1.1`);
      },
      close: () => {},
    };
  },
};

function bytesOf(random: Random): Buffer {
  const kind = random(4);
  if (kind === 0) return mutate(Buffer.concat([PREFACE, CALL]), random);
  return Buffer.concat([PREFACE, ...(kind === 1 ? [mutate(CALL, random)] : [settings(), anyFrames(random)])]);
}

/** Of random kinds, lengths, flags and streams, some of them whole. */
function anyFrames(random: Random): Buffer {
  return Buffer.concat(Array.from({ length: 1 + random(6) }, () => {
    const frame = http2Frame(random(12), random(256), oneOf([0, 1, 1, 3, 2, 2 ** 31 - 1], random), Buffer.from(Array.from({ length: random(40) }, () => random(256))));
    if (random(5) === 0) frame.writeUIntBE(random(2 ** 24), 0, 3);
    return frame;
  }));
}
