import { once } from 'node:events';
import { type ClientHttp2Session, type IncomingHttpHeaders, connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Tensor } from '../../src/client/index';
import { encodeInferMessage } from '../../src/client/grpc/infer-messages';
import { frame } from '../../src/server/grpc/frame-reader';
import { type Random, fuzzRuns, heapInUse, mutate, oneOf, seeded } from '../support/fuzz';
import { fuzzedServer } from '../support/fuzzed-server';
import { ask } from '../support/http';

const RUNS = fuzzRuns(900);
const GROWTH_BYTES = 16 * 1024 * 1024;
/** OK, INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED; INTERNAL and UNKNOWN would be the server's own fault. */
const ALLOWED: ReadonlySet<number> = new Set([0, 3, 5, 8, 12]);
const SERVICE = '/inference.GRPCInferenceService';

const tensors: readonly Tensor[] = [
  { name: 'a', datatype: 'FP32', shape: [1, 4], data: Float32Array.of(1, 2, 3, 4) }, { name: 'b', datatype: 'BYTES', shape: [2], data: ['ü', ''] },
  { name: 'c', datatype: 'INT64', shape: [1], data: BigInt64Array.of(-(2n ** 60n)) }, { name: 'd', datatype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) },
];
const request = (model: string, inputs: readonly Tensor[], binary: boolean): Buffer => encodeInferMessage(model, { id: '7', inputs, outputs: ['a'], parameters: { n: 1, s: 'pd', content_type: 'np', f: 0.5 } }, binary);
const GOOD = encodeInferMessage('sk', { inputs: [{ name: 'input-0', datatype: 'FP64', shape: [1, 4], data: Float64Array.of(1, 2, 3, 4) }] }, true);
const SEEDS: readonly (readonly [string, Buffer])[] = [
  [`${SERVICE}/ModelInfer`, request('echo', tensors, true)], [`${SERVICE}/ModelInfer`, request('echo', tensors, false)], [`${SERVICE}/ModelInfer`, GOOD],
  [`${SERVICE}/ModelStreamInfer`, request('echo', tensors, false)], [`${SERVICE}/ModelMetadata`, Buffer.from([0x0a, 2, 0x73, 0x6b])], [`${SERVICE}/ModelReady`, Buffer.from([0x0a, 2, 0x73, 0x6b, 0x12, 1, 0x31])],
  [`${SERVICE}/RepositoryModelLoad`, Buffer.from([0x12, 2, 0x73, 0x6b])], ['/grpc.health.v1.Health/Check', Buffer.from([0x0a, 2, 0x73, 0x6b])],
  ['/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', Buffer.from([0x3a, 1, 0x2a])],
];

interface Outcome { readonly status: number; readonly message: string; readonly bytes: Buffer }

/** @param body everything that is sent; whatever the client says of it, the call has to end. */
function callWith(session: ClientHttp2Session, path: string, body: Buffer, encoding?: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...(encoding === undefined ? {} : { 'grpc-encoding': encoding }) });
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.setTimeout(5000, () => {
      stream.close();
      reject(new Error(`no answer to ${body.toString('hex').slice(0, 400)}`));
    });
    stream.on('response', (got) => (headers = got)).on('trailers', (got) => (headers = { ...headers, ...got })).on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
    stream.on('close', () => resolve({ status: Number(headers['grpc-status'] ?? Number.NaN), message: String(headers['grpc-message'] ?? ''), bytes: Buffer.concat(chunks) }));
    stream.end(body);
  });
}

function bodyOf(message: Buffer, random: Random): { readonly body: Buffer; readonly encoding?: string } {
  const damaged = mutate(message, random);
  const kind = random(8);
  if (kind === 0) return { body: mutate(frame(message), random) };
  if (kind === 1) return { body: Buffer.concat([frame(damaged), frame(damaged)]) };
  if (kind === 2) {
    const zipped = frame(mutate(gzipSync(message), random));
    zipped[0] = 1;
    return { body: zipped, encoding: oneOf(['gzip', 'identity', 'br'], random) };
  }
  return { body: frame(damaged) };
}

test(`${RUNS} messages on one connection: typed statuses, no growth, and the next call is answered`, async () => {
  const { port, faults } = await fuzzedServer();
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const random = seeded(3);
  let half = 0;
  let refused = 0;
  try {
    for (let run = 0; run < RUNS; run++) {
      const [path, message] = oneOf(SEEDS, random);
      const { body, encoding } = bodyOf(message, random);
      const outcome = await callWith(session, path, body, encoding);
      if (!ALLOWED.has(outcome.status)) throw new Error(`run ${run}: status ${outcome.status} ${outcome.message} of ${path} for ${body.toString('hex').slice(0, 800)}`);
      if (outcome.status !== 0) refused++;
      if (run % 20 === 0) expect(await callWith(session, `${SERVICE}/ModelInfer`, frame(GOOD))).toMatchObject({ status: 0 });
      if (run === Math.floor(RUNS / 2)) half = heapInUse();
    }
  } finally {
    session.destroy();
  }
  expect(faults).toEqual([]);
  expect(refused).toBeGreaterThan(RUNS / 5);
  expect(refused).toBeLessThan(RUNS);
  expect(heapInUse() - half).toBeLessThan(GROWTH_BYTES);
}, 60_000 + RUNS * 20);

/** The bytes that a client of Node sends for a call, its preface and settings among them. */
async function recordedCall(port: number): Promise<Buffer> {
  const sent: Buffer[] = [];
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.on('data', (chunk: Buffer) => sent.push(chunk)).pipe(server).pipe(client);
    client.on('error', () => {});
    server.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const session = connectHttp2(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  await callWith(session, `${SERVICE}/ModelInfer`, frame(GOOD));
  session.destroy();
  proxy.close();
  return Buffer.concat(sent);
}

/** Damaged connections that are open together. */
const AT_ONCE = 50;
const SETTINGS = Buffer.from('000000040000000000', 'hex');
const PREFACE_BYTES = 24;

/** Frames that no library sends: of random kinds, lengths, flags and streams, some of them whole. */
function anyFrames(random: Random): Buffer {
  return Buffer.concat(Array.from({ length: 1 + random(6) }, () => {
    const payload = Buffer.from(Array.from({ length: random(40) }, () => random(256)));
    const head = Buffer.alloc(9);
    head.writeUIntBE(random(5) === 0 ? random(2 ** 24) : payload.length, 0, 3);
    head[3] = random(12);
    head[4] = random(256);
    head.writeUInt32BE(oneOf([0, 1, 1, 3, 2, 2 ** 31 - 1], random), 5);
    return Buffer.concat([head, payload]);
  }));
}

/** Sends bytes and closes: whatever they were, the server has to let the connection go. */
function throwAt(port: number, bytes: Buffer, cutEarly: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(10_000, () => {
      socket.destroy();
      reject(new Error(`the connection hangs after ${bytes.toString('hex').slice(0, 800)}`));
    });
    socket.on('error', () => {}).on('close', () => resolve()).resume();
    socket.write(bytes, () => (cutEarly ? socket.resetAndDestroy() : socket.end()));
  });
}

test(`${Math.ceil(RUNS / 3)} damaged connections of HTTP/2: all close, and the server goes on`, async () => {
  const server = await fuzzedServer(0.5);
  const { port, faults } = server;
  const call = await recordedCall(port);
  const preface = call.subarray(0, PREFACE_BYTES);
  const random = seeded(4);
  const bytesOf = (kind: number): Buffer => {
    if (kind === 0) return mutate(call, random);
    return Buffer.concat([preface, ...(kind === 1 ? [mutate(call.subarray(PREFACE_BYTES), random)] : [SETTINGS, anyFrames(random)])]);
  };
  for (let run = 0; run < RUNS / 3; run += AT_ONCE) {
    // Together, as some are let go only when nothing has come for a while.
    await Promise.all(Array.from({ length: AT_ONCE }, () => throwAt(port, bytesOf(random(4)), random(5) === 0)));
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    expect(await callWith(session, `${SERVICE}/ModelInfer`, frame(GOOD))).toMatchObject({ status: 0 });
    session.destroy();
    expect((await ask(port, '/v1/models/sk:predict', { body: '{"instances":[[1,2,3,4]]}' })).status).toBe(200);
  }
  expect(faults).toEqual([]);
  expect(await server.close()).toBe(0);
}, 60_000 + RUNS * 20);
