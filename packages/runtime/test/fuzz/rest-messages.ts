import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { changeDigit } from '../support/damage';
import { type Random, mutate, oneOf } from '../support/fuzz';
import { type Fuzzer, Hang } from './fuzzer';

/** What a client may be told; anything else would be the server's own fault. */
export const REST_ALLOWED: ReadonlySet<number> = new Set([200, 400, 404, 405, 413, 415, 422, 501]);
export const GOOD_BODY = '{"instances":[[1,2,3,4]]}';
export const GOOD_PATH = '/v1/models/sk:predict';
const ANSWER_MS = 30_000;

interface Message { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }
interface Answer { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer; readonly reused: boolean }

const floats = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const good: Message = { path: GOOD_PATH, headers: {}, body: Buffer.from(GOOD_BODY) };
const binaryHead = json({ id: '7', parameters: { binary_data_output: true }, inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4], parameters: { binary_data_size: 16 } }, { name: 't', datatype: 'BYTES', shape: [1], data: ['a'] }], outputs: [{ name: 'x', parameters: { binary_data: true } }] });
const tableHead = json({ inputs: [{ name: 'input-0', datatype: 'FP32', shape: [1, 4], parameters: { binary_data_size: 16 } }] });
const textHead = json({ parameters: { binary_data_output: true }, inputs: [{ name: 't', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 9 } }, { name: 'h', datatype: 'FP16', shape: [2], parameters: { binary_data_size: 4 } }] });
const binary = (path: string, head: Buffer, data: Buffer): Message => ({ path, headers: { 'inference-header-content-length': String(head.length) }, body: Buffer.concat([head, data]) });
const EVENT = { specversion: '1.0', id: '1', source: 's', type: 't', time: '2026-01-01T00:00:00Z', data: { instances: [[1, 2, 3, 4]] } };

const V1: readonly Message[] = [
  good,
  { path: GOOD_PATH, headers: {}, body: json({ instances: [{ a: 1, b: 'x', c: null, d: [1] }] }) },
  { path: '/v1/models/echo:predict', headers: {}, body: json({ inputs: [1, 2] }) },
  { path: GOOD_PATH, headers: { 'content-encoding': 'gzip' }, body: gzipSync(GOOD_BODY) },
];
const EVENTS: readonly Message[] = [
  { path: GOOD_PATH, headers: { 'content-type': 'application/cloudevents+json' }, body: json(EVENT) },
  { path: GOOD_PATH, headers: { 'content-type': 'application/cloudevents+json' }, body: json({ ...EVENT, data: undefined, data_base64: Buffer.from(GOOD_BODY).toString('base64') }) },
  { path: GOOD_PATH, headers: { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': 's', 'ce-type': 't' }, body: Buffer.from(GOOD_BODY) },
];
const V2: readonly Message[] = [
  { path: '/v2/models/sk/infer', headers: {}, body: json({ id: '7', inputs: [{ name: 'input-0', shape: [1, 4], datatype: 'FP64', data: [[1, 2, 3, 4]] }] }) },
  { path: '/v2/models/echo/infer', headers: {}, body: json({ parameters: { content_type: 'pd', n: 1 }, inputs: [{ name: 'a', shape: [-1, 2], datatype: 'INT64', data: [1, -2, 3, 4] }, { name: 'b', shape: [2], datatype: 'BYTES', parameters: { content_type: 'base64' }, data: ['QQ==', ''] }], outputs: [{ name: 'a' }] }) },
];
const BINARY: readonly Message[] = [
  binary('/v2/models/echo/infer', binaryHead, floats), binary('/v2/models/sk/infer', tableHead, floats),
  binary('/v2/models/echo/infer', textHead, Buffer.from('010000006100000000' + '003c0040', 'hex')),
];

/** Bodies of REST on one connection that has to go on. */
export const REST_FUZZERS: readonly Fuzzer[] = [restFuzzer('v1', V1), restFuzzer('cloudevents', EVENTS), restFuzzer('v2-json', V2), restFuzzer('v2-binary', BINARY)];

function restFuzzer(protocol: string, seeds: readonly Message[]): Fuzzer {
  return {
    protocol,
    seeds: seeds.length,
    connect({ port }) {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      return {
        async send(random) {
          const message = messageOf(seeds, random);
          const answer = await ask(port, agent, message);
          assertTyped(answer, message);
          return { answer: String(answer.status), kept: answer.headers.connection !== 'close', refused: answer.status !== 200 };
        },
        async works() {
          const { status, body, reused } = await ask(port, agent, good);
          if (status !== 200 || body.toString() !== '{"predictions":[10]}') throw new Error(`${status} ${body.toString()} for a good request`);
          if (!reused) throw new Error('the connection was not kept');
        },
        close: () => agent.destroy(),
      };
    },
  };
}

function assertTyped({ status, headers, body }: Answer, sent: Message): void {
  const what = (): string => `${status} ${headers['content-type']} ${body.toString('utf8', 0, 200)} for ${sent.path} ${JSON.stringify(sent.headers)} ${sent.body.toString('latin1').slice(0, 500)}`;
  if (!REST_ALLOWED.has(status)) throw new Error(what());
  if (status === 200) return;
  const { error, detail } = JSON.parse(body.toString()) as { error?: unknown; detail?: unknown };
  if ((typeof error !== 'string' && !Array.isArray(detail)) || headers['content-type'] !== 'application/json') throw new Error(what());
}

function messageOf(seeds: readonly Message[], random: Random): Message {
  const seed = oneOf(seeds, random);
  const kind = random(8);
  if (kind < 2) return { ...seed, body: json(anyJson(random)) };
  if (kind === 2) return { ...seed, body: changeDigit(seed.body, random) };
  const lied = random(6) === 0 && 'inference-header-content-length' in seed.headers ? { 'inference-header-content-length': String(random(seed.body.length * 2)) } : {};
  return { path: seed.path, headers: { ...seed.headers, ...lied }, body: mutate(seed.body, random) };
}

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

function ask(port: number, agent: Agent, { path, headers, body }: Message): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path, method: 'POST', agent, timeout: ANSWER_MS, headers: { ...headers, 'content-length': body.length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks), reused: request.reusedSocket }));
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Hang(`no answer for ${path} ${body.toString('latin1').slice(0, 500)}`))).end(body);
  });
}
