import { encodeInferMessage } from '../../src/client/grpc/infer-messages';
import type { Random } from '../support/fuzz';
import { END_HEADERS, END_STREAM, FRAME, callFrames, callHeaders, headerBlock, hpackText, http2Frame, openHttp2, settings, word } from '../support/http2-frames';
import { until } from '../../../../test/support/until';
import { type Fuzzer, Hang } from './fuzzer';
import { GOOD_MESSAGE as GOOD, INFER } from './grpc-messages';

const LARGE = encodeInferMessage('echo', { inputs: [{ name: 'x', datatype: 'FP32', shape: [12_000], data: new Float32Array(12_000) }] }, true);
const CANCEL = 8;

export interface Attack {
  /** First settings of the client. */
  readonly first?: Buffer;
  /** All that is sent, and the number of the first stream that is free afterwards. */
  bytes(random: Random): readonly [Buffer, number];
  /** Whether the protocol lets the connection go on, so that it has to, or the server must end it; the library decides the rest. */
  readonly then: 'goes on' | 'ends' | 'either';
}

const times = (count: number, make: (i: number) => Buffer): Buffer => Buffer.concat(Array.from({ length: count }, (_, i) => make(i)));
const open = (stream: number, flags = END_HEADERS): Buffer => http2Frame(FRAME.headers, flags, stream, headerBlock(callHeaders(INFER)));
const reset = (stream: number): Buffer => http2Frame(FRAME.reset, 0, stream, word(CANCEL));
const prefixed = (length: number, body: Buffer): Buffer => Buffer.concat([Buffer.of(0), word(length), body]);

export const ATTACKS: Readonly<Record<string, Attack>> = {
  'a flood of settings': { then: 'ends', bytes: (random) => [times(3000 + random(10_000), () => settings([3, random(1000)])), 1] },
  'a flood of pings': { then: 'ends', bytes: (random) => [times(3000 + random(10_000), (i) => http2Frame(FRAME.ping, 0, 0, Buffer.concat([word(i), word(i)]))), 1] },
  'a few settings and pings': { then: 'goes on', bytes: (random) => [times(1 + random(20), (i) => Buffer.concat([settings([4, 65_535]), http2Frame(FRAME.ping, 0, 0, Buffer.concat([word(i), word(i)]))])), 1] },
  'rapid reset (CVE-2023-44487)': { then: 'ends', bytes: (random) => [times(1500 + random(1000), (i) => Buffer.concat([open(2 * i + 1), reset(2 * i + 1)])), 1] },
  'rapid reset of whole calls': { then: 'ends', bytes: (random) => [times(1200 + random(800), (i) => Buffer.concat([callFrames(2 * i + 1, INFER, GOOD), reset(2 * i + 1)])), 1] },
  'some calls reset in the middle': { then: 'goes on', bytes: (random) => {
    const count = 1 + random(50);
    return [times(count, (i) => Buffer.concat([open(2 * i + 1), http2Frame(FRAME.data, 0, 2 * i + 1, prefixed(GOOD.length, GOOD.subarray(0, random(GOOD.length)))), reset(2 * i + 1)])), 2 * count + 1];
  } },
  'a flood of continuations (CVE-2024-27983)': { then: 'ends', bytes: (random) => [Buffer.concat([open(1, 0), times(2000 + random(5000), () => http2Frame(FRAME.continuation, 0, 1, headerBlock([['x-pad', 'y'.repeat(20)]])))]), 3] },
  'continuations and a reset': { then: 'either', bytes: (random) => [times(1 + random(20), (i) => Buffer.concat([open(2 * i + 1, 0), http2Frame(FRAME.continuation, 0, 2 * i + 1, Buffer.of(0)), reset(2 * i + 1)])), 1] },
  'headers of a megabyte': { then: 'ends', bytes: (random) => [Buffer.concat([open(1, 0), times(60 + random(20), () => http2Frame(FRAME.continuation, 0, 1, headerBlock([['x-large', 'z'.repeat(16_000)]]))), http2Frame(FRAME.continuation, END_HEADERS, 1)]), 3] },
  // One entry of the table in 4 KB, named thousands of times in a byte each.
  'an HPACK bomb': { then: 'either', bytes: (random) => [http2Frame(FRAME.headers, END_HEADERS, 1, Buffer.concat([headerBlock(callHeaders(INFER)), Buffer.of(0x40), hpackText('x-bomb'), hpackText('b'.repeat(3900)), Buffer.alloc(4000 + random(8000), 0xbe)])), 3] },
  'many headers': { then: 'either', bytes: (random) => [http2Frame(FRAME.headers, END_HEADERS, 1, headerBlock([...callHeaders(INFER), ...Array.from({ length: 200 + random(500) }, (_, i): readonly [string, string] => [`x-${i}`, ''])])), 3] },
  'a window that overflows': { then: 'ends', bytes: () => [times(3, () => http2Frame(FRAME.windowUpdate, 0, 0, word(2 ** 31 - 1))), 1] },
  'a flood of windows': { then: 'goes on', bytes: (random) => [times(1000 + random(5000), () => http2Frame(FRAME.windowUpdate, 0, 0, word(1))), 1] },
  'answers that nobody takes': { then: 'either', first: settings([4, 0]), bytes: (random) => [times(5 + random(60), (i) => callFrames(2 * i + 1, INFER, LARGE.subarray(0, 16_000))), 1] },
  'a window of one byte': { then: 'either', first: settings([4, 1]), bytes: (random) => [Buffer.concat([callFrames(1, INFER, GOOD), times(random(100), () => http2Frame(FRAME.windowUpdate, 0, 1, word(1)))]), 3] },
  'data on a half that is closed': { then: 'either', bytes: () => [Buffer.concat([open(1, END_HEADERS | END_STREAM), http2Frame(FRAME.data, 0, 1, Buffer.alloc(100))]), 3] },
  'data after the end of a call': { then: 'either', bytes: () => [Buffer.concat([callFrames(1, INFER, GOOD), http2Frame(FRAME.data, END_STREAM, 1, Buffer.alloc(10))]), 3] },
  'a call without a message': { then: 'goes on', bytes: () => [open(1, END_HEADERS | END_STREAM), 3] },
  'a flood of empty data': { then: 'ends', bytes: (random) => [Buffer.concat([open(1), times(3000 + random(10_000), () => http2Frame(FRAME.data, 0, 1))]), 3] },
  'a length of four gigabytes': { then: 'goes on', bytes: () => [Buffer.concat([open(1), http2Frame(FRAME.data, END_STREAM, 1, prefixed(0xffffffff, GOOD))]), 3] },
  'a message over the limit': { then: 'goes on', bytes: () => [Buffer.concat([open(1), times(5, (i) => http2Frame(FRAME.data, i === 4 ? END_STREAM : 0, 1, i === 0 ? prefixed(80_000, Buffer.alloc(15_995)) : Buffer.alloc(16_000)))]), 3] },
  'a length that is more than there is': { then: 'goes on', bytes: (random) => [Buffer.concat([open(1), http2Frame(FRAME.data, END_STREAM, 1, prefixed(GOOD.length + 1 + random(1000), GOOD))]), 3] },
  'a length that is less than there is': { then: 'goes on', bytes: (random) => [Buffer.concat([open(1), http2Frame(FRAME.data, END_STREAM, 1, prefixed(random(GOOD.length), GOOD))]), 3] },
  'a flood of priorities': { then: 'goes on', bytes: (random) => [times(1000 + random(5000), (i) => http2Frame(FRAME.priority, 0, 2 * (i % 500) + 1001, Buffer.concat([word(0), Buffer.of(16)]))), 1] },
  'frames of no known kind': { then: 'goes on', bytes: (random) => [times(100 + random(1000), () => http2Frame(20 + random(200), random(256), random(5), Buffer.alloc(random(100)))), 1] },
  'a goaway, and calls after it': { then: 'either', bytes: () => [Buffer.concat([http2Frame(FRAME.goaway, 0, 0, Buffer.concat([word(0), word(0)])), callFrames(1, INFER, GOOD)]), 3] },
  'a promise of a client': { then: 'ends', bytes: () => [http2Frame(FRAME.pushPromise, END_HEADERS, 1, Buffer.concat([word(2), headerBlock(callHeaders(INFER))])), 3] },
  'streams with numbers of the server': { then: 'ends', bytes: (random) => [callFrames(2 + 2 * random(10), INFER, GOOD), 3] },
  'thousands of calls at once': { then: 'either', bytes: (random) => [times(1100 + random(500), (i) => open(2 * i + 1)), 1] },
};

const NAMES = Object.keys(ATTACKS);

/** Attacks by frames of HTTP/2, one after the other. */
export const HTTP2_FLOODS: Fuzzer = {
  protocol: 'http2-floods',
  seeds: NAMES.length,
  idleSeconds: 0.5,
  connect(target) {
    const { port } = target;
    return {
      async send(random, number) {
        const before = await target.connections();
        const name = NAMES[number % NAMES.length] as string;
        const { first, bytes, then } = ATTACKS[name] as Attack;
        const attacker = openHttp2(port, first);
        try {
          const [sent, free] = bytes(random);
          attacker.send(sent);
          if (then === 'goes on') {
            attacker.send(callFrames(free, INFER, GOOD));
            if (!(await attacker.answers(free))) throw new Error(`the connection does not go on after ${name}`);
          }
          // While the attacker is still there, if the server has not sent it away.
          await assertOtherAnswered(port, name);
          if (then === 'ends') await during(`the connection ends after ${name}`, () => attacker.closed);
          return { answer: attacker.closed ? 'sent away' : 'goes on', kept: !attacker.closed, refused: attacker.closed };
        } finally {
          attacker.end();
          let left = Number.POSITIVE_INFINITY;
          const count = (): void => void target.connections().then((open) => (left = open));
          await during(`the connection is let go after ${name}`, () => (count(), left <= before));
        }
      },
      works: () => assertOtherAnswered(port, 'all attacks'),
      close: () => {},
    };
  },
};

async function assertOtherAnswered(port: number, after: string): Promise<void> {
  const other = openHttp2(port);
  other.send(callFrames(1, INFER, GOOD));
  const answered = await other.answers(1);
  other.end();
  if (!answered) throw new Hang(`nobody else is answered after ${after}`);
}

async function during(what: string, condition: () => boolean): Promise<void> {
  await until(what, condition).catch((error: Error) => {
    throw new Hang(error.message);
  });
}
