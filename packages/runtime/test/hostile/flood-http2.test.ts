import { encodeInferMessage } from '../../src/client/grpc/infer-messages';
import { type Random, FUZZ_SEED, fuzzRuns, heapInUse, oneOf, seeded } from '../support/fuzz';
import { fuzzedServer } from '../support/fuzzed-server';
import { END_HEADERS, END_STREAM, FRAME, callFrames, callHeaders, headerBlock, hpackText, http2Frame, openHttp2, settings, word } from '../support/http2-frames';
import { until } from '../support/until';

const INFER = '/inference.GRPCInferenceService/ModelInfer';
const GOOD = encodeInferMessage('sk', { inputs: [{ name: 'input-0', datatype: 'FP64', shape: [1, 4], data: Float64Array.of(1, 2, 3, 4) }] }, true);
const LARGE = encodeInferMessage('echo', { inputs: [{ name: 'x', datatype: 'FP32', shape: [12_000], data: new Float32Array(12_000) }] }, true);
const GROWTH_BYTES = 24 * 1024 * 1024;
const CANCEL = 8;

interface Attack {
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

const ATTACKS: Readonly<Record<string, Attack>> = {
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

/** Of this process, which has both ends. */
const openSockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

const NAMES = Object.keys(ATTACKS);
const ROUNDS = Math.max(1, Math.floor(fuzzRuns(900) / 900));

test(`${ROUNDS} x ${NAMES.length} attacks by frames of HTTP/2, seed ${FUZZ_SEED}: no growth, no connection is left, the next call is answered there where the protocol allows it, and elsewhere always`, async () => {
  const { port, faults } = await fuzzedServer(0.5);
  const random = seeded(5);
  const before = openSockets();
  const failures: string[] = [];
  let after = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of round === 0 ? NAMES : NAMES.map(() => oneOf(NAMES, random))) {
      const { first, bytes, then } = ATTACKS[name] as Attack;
      const attacker = openHttp2(port, first);
      const [sent, free] = bytes(random);
      attacker.send(sent);
      if (then === 'goes on') {
        attacker.send(callFrames(free, INFER, GOOD));
        if (!(await attacker.answers(free))) failures.push(`round ${round}: the connection does not go on after ${name}`);
      }
      // While the attacker is still there, if the server has not sent it away.
      const other = openHttp2(port);
      other.send(callFrames(1, INFER, GOOD));
      if (!(await other.answers(1))) failures.push(`round ${round}: nobody else is answered after ${name}`);
      other.end();
      if (then === 'ends') await until(`the connection ends after ${name}`, () => attacker.closed);
      attacker.end();
      await until(`the connection is let go after ${name}`, () => openSockets() === before);
    }
    if (round === 0) after = heapInUse();
  }
  expect(failures).toEqual([]);
  expect(faults).toEqual([]);
  expect(heapInUse() - after).toBeLessThan(GROWTH_BYTES);
}, 120_000 + ROUNDS * 20_000);

test('a server that stops does not wait for attackers, gone or not, until it has to cut them', async () => {
  const server = await fuzzedServer(300, { shutdownTimeoutSeconds: 30 });
  const random = seeded(6);
  const before = openSockets();
  const attackers = NAMES.flatMap((name) => ['stays', 'goes'].map((then) => ({ then, connection: openHttp2(server.port, ATTACKS[name]?.first) })).map((attacker) => {
    attacker.connection.send(ATTACKS[name]?.bytes(random)[0] ?? Buffer.alloc(0));
    return attacker;
  }));
  const other = openHttp2(server.port);
  other.send(callFrames(1, INFER, GOOD));
  expect(await other.answers(1)).toBe(true);
  for (const { then, connection } of attackers) if (then === 'goes') connection.end();
  expect(await server.close()).toBe(0);
  for (const { connection } of attackers) connection.end();
  other.end();
  await until('all connections are let go', () => openSockets() <= before);
  expect(server.faults).toEqual([]);
}, 60_000);
