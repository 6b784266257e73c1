import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Random, fuzzRuns, heapInUse, mutate, oneOf, seeded } from '../support/fuzz';
import { fuzzedServer } from '../support/fuzzed-server';
import { ask } from '../support/http';

const RUNS = fuzzRuns(1500);
const GROWTH_BYTES = 16 * 1024 * 1024;
/** What a client may be told; anything else would be the server's own fault. */
const ALLOWED: ReadonlySet<number> = new Set([200, 400, 404, 405, 413, 415, 422, 501]);
const GOOD = '{"instances":[[1,2,3,4]]}';

interface Attempt { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }

const floats = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const binaryHead = json({ id: '7', parameters: { binary_data_output: true }, inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4], parameters: { binary_data_size: 16 } }, { name: 't', datatype: 'BYTES', shape: [1], data: ['a'] }], outputs: [{ name: 'x', parameters: { binary_data: true } }] });
const EVENT = { specversion: '1.0', id: '1', source: 's', type: 't', time: '2026-01-01T00:00:00Z', data: { instances: [[1, 2, 3, 4]] } };
const SEEDS: readonly Attempt[] = [
  { path: '/v1/models/sk:predict', headers: {}, body: Buffer.from(GOOD) },
  { path: '/v1/models/sk:predict', headers: {}, body: json({ instances: [{ a: 1, b: 'x', c: null, d: [1] }] }) },
  { path: '/v1/models/echo:predict', headers: {}, body: json({ inputs: [1, 2] }) },
  { path: '/v1/models/sk:predict', headers: { 'content-type': 'application/cloudevents+json' }, body: json(EVENT) },
  { path: '/v1/models/sk:predict', headers: { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': 's', 'ce-type': 't' }, body: Buffer.from(GOOD) },
  { path: '/v2/models/sk/infer', headers: {}, body: json({ id: '7', inputs: [{ name: 'input-0', shape: [1, 4], datatype: 'FP64', data: [[1, 2, 3, 4]] }] }) },
  { path: '/v2/models/echo/infer', headers: {}, body: json({ parameters: { content_type: 'pd', n: 1 }, inputs: [{ name: 'a', shape: [-1, 2], datatype: 'INT64', data: [1, -2, 3, 4] }, { name: 'b', shape: [2], datatype: 'BYTES', parameters: { content_type: 'base64' }, data: ['QQ==', ''] }], outputs: [{ name: 'a' }] }) },
  { path: '/v2/models/echo/infer', headers: { 'inference-header-content-length': String(binaryHead.length) }, body: Buffer.concat([binaryHead, floats]) },
  { path: '/v2/models/sk/infer', headers: { 'inference-header-content-length': String(binaryHead.length) }, body: Buffer.concat([binaryHead, floats]) },
  { path: '/v1/models/sk:predict', headers: { 'content-encoding': 'gzip' }, body: gzipSync(GOOD) },
];

/** Words of the protocols, put together in ways that no damage to bytes would find. */
function anyJson(random: Random, depth = 0): unknown {
  const kind = random(depth > 4 ? 6 : 9);
  if (kind === 0) return null;
  if (kind === 1) return random(2) === 0;
  if (kind === 2) return oneOf([0, -1, 1.5, 1e308, -(2 ** 53), 2 ** 63, 1e-320, 4294967296], random);
  if (kind === 3) return oneOf(['', 'FP32', 'BYTES', 'FP16', 'BOOL', 'UINT64', 'nope', '\ud800', '__proto__', '1', 'x'.repeat(300)], random);
  if (kind < 6) return Array.from({ length: random(4) }, () => oneOf([-1, 0, 1, 2, 4, 2 ** 31, 2 ** 53], random));
  if (kind === 6) return Array.from({ length: random(5) }, () => anyJson(random, depth + 1));
  const keys = ['inputs', 'instances', 'outputs', 'parameters', 'id', 'name', 'shape', 'datatype', 'data', 'binary_data_size', 'binary_data_output', 'binary_data', 'content_type', 'specversion', 'source', 'type', 'time', '__proto__', 'constructor'];
  return Object.fromEntries(Array.from({ length: random(7) }, () => [oneOf(keys, random), anyJson(random, depth + 1)]));
}

function attemptOf(random: Random): Attempt {
  const seed = oneOf(SEEDS, random);
  if (random(4) === 0) return { ...seed, body: json(anyJson(random)) };
  const lied = random(6) === 0 && 'inference-header-content-length' in seed.headers ? { 'inference-header-content-length': String(random(seed.body.length * 2)) } : {};
  return { path: seed.path, headers: { ...seed.headers, ...lied }, body: mutate(seed.body, random) };
}

function send(port: number, agent: Agent, { path, headers, body }: Attempt): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer; readonly reused: boolean }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path, method: 'POST', agent, timeout: 5000, headers: { ...headers, 'content-length': body.length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks), reused: request.reusedSocket }));
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error('no answer'))).end(body);
  });
}

test(`${RUNS} bodies on one connection: typed refusals, no growth, and the next request is answered`, async () => {
  const { port, faults } = await fuzzedServer();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const random = seeded(1);
  let half = 0;
  let refused = 0;
  try {
    for (let run = 0; run < RUNS; run++) {
      const attempt = attemptOf(random);
      const { status, headers, body } = await send(port, agent, attempt);
      if (!ALLOWED.has(status)) throw new Error(`run ${run}: ${status} ${body.toString('utf8', 0, 200)} for ${attempt.path} ${attempt.body.toString('latin1').slice(0, 500)}`);
      if (status !== 200) {
        refused++;
        const { error, detail } = JSON.parse(body.toString()) as { error?: unknown; detail?: unknown };
        expect(typeof error === 'string' || Array.isArray(detail)).toBe(true);
        expect(headers['content-type']).toBe('application/json');
      }
      if (run % 20 === 0) expect(await send(port, agent, { ...SEEDS[0] as Attempt })).toMatchObject({ status: 200, reused: true, body: Buffer.from('{"predictions":[10]}') });
      if (run === Math.floor(RUNS / 2)) half = heapInUse();
    }
  } finally {
    agent.destroy();
  }
  expect(faults).toEqual([]);
  // Without both, the seeds would be too damaged or too whole to show anything.
  expect(refused).toBeGreaterThan(RUNS / 4);
  expect(refused).toBeLessThan(RUNS);
  expect(heapInUse() - half).toBeLessThan(GROWTH_BYTES);
}, 60_000 + RUNS * 20);

const RAW = [
  `POST /v1/models/sk:predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${GOOD.length}\r\n\r\n${GOOD}`,
  `POST /v1/models/sk:predict HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${GOOD.length.toString(16)}\r\n${GOOD}\r\n0\r\n\r\n`,
  'GET /v2/models/sk HTTP/1.1\r\nhost: x\r\nconnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n',
].map((text) => Buffer.from(text));

/** Sends bytes and the end of them; resolves when the connection is closed, whoever did it. */
function throwAt(port: number, bytes: Buffer, cutEarly: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(10_000, () => {
      socket.destroy();
      reject(new Error(`the connection hangs after ${bytes.toString('latin1').slice(0, 300)}`));
    });
    socket.on('error', () => {}).on('close', () => resolve()).resume();
    socket.write(bytes, () => (cutEarly ? socket.resetAndDestroy() : socket.end()));
  });
}

test(`${Math.ceil(RUNS / 3)} damaged requests as bytes, each on a connection of its own: all close, and the server goes on`, async () => {
  const { port, faults } = await fuzzedServer();
  const random = seeded(2);
  for (let run = 0; run < RUNS / 3; run++) {
    await throwAt(port, mutate(oneOf(RAW, random), random), random(5) === 0);
    if (run % 20 === 0) expect((await ask(port, '/v1/models/sk:predict', { body: GOOD })).text).toBe('{"predictions":[10]}');
  }
  expect(faults).toEqual([]);
}, 60_000 + RUNS * 20);
