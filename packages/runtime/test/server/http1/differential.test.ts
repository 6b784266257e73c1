import { join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { selfSignedCertificate } from '../../../../local/src/apiserver/tls/self-signed-certificate';
import { FUZZ_SEED, mutate, oneOf, seededCase } from '../../support/fuzz';
import { tempFolder } from '../../support/temp-folder';
import { type Twins, converse, serveTwins, stable } from '../../support/twins';
import { until } from '../../../../../test/support/until';

const V1 = '/v1/models/sk:predict';
const V2 = '/v2/models/sk/infer';
const ROW = '{"instances":[[1,2,3,4]]}';
const TENSOR = '{"id":"7","inputs":[{"name":"x","shape":[1,4],"datatype":"FP64","data":[1,2,3,4]}]}';

function post(path: string, body: string | Buffer, fields: readonly string[] = [], method = 'POST'): Buffer {
  const head = [`${method} ${path} HTTP/1.1`, 'Host: sk.default', 'Content-Type: application/json', ...fields, `Content-Length: ${Buffer.byteLength(body)}`];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(body)]);
}

const TRACE = 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const BINARY = '{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP64","data":[1,2,3,4]}],"parameters":{"binary_data_output":true}}';

/** Requests that the fast path answers. */
const PLAIN: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['V1', post(V1, ROW)],
  ['V2', post(V2, TENSOR)],
  ['V2 with a binary answer', post(V2, BINARY)],
  ['ids of the client', post(V1, ROW, ['X-Request-Id: r-1', TRACE, 'User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip'])],
  ['keep-alive that is asked for', post(V1, ROW, ['Connection: Keep-Alive'])],
  ['a trace that is none', post(V1, ROW, ['traceparent: 00-1-2-3'])],
  ['a CloudEvent', post(V1, ROW, ['ce-specversion: 1.0', 'ce-id: 1', 'ce-source: /a b', 'ce-type: t'])],
  ['no body', post(V1, '')],
  ['no JSON', post(V1, '{"instances":')],
  ['bytes that are no text', post(V1, Buffer.from([0x7b, 0xff, 0xfe]))],
  ['a shape that is wrong', post(V2, TENSOR.replace('[1,4]', '[1,3]'))],
  ['a model that is not there', post('/v1/models/other:predict', ROW)],
  ['a path that is not there', post('/nowhere', ROW)],
  ['a path for GET', post('/v2/health/live', '')],
  ['an encoding that is not known', post(V1, ROW, ['Content-Encoding: br'])],
];

/** And those that it leaves to Node. */
const LEFT: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['a GET', Buffer.from('GET /v1/models/sk HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['a HEAD', post(V1, '', [], 'HEAD')],
  ['a query', post(`${V1}?a=b`, ROW)],
  ['the last of its connection', post(V1, ROW, ['Connection: close'])],
  ['chunks', Buffer.from(`POST ${V1} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${ROW.length.toString(16)}\r\n${ROW}\r\n0\r\n\r\n`)],
  ['an expectation', post(V1, ROW, ['Expect: 100-continue'])],
  ['an upgrade', post(V1, ROW, ['Connection: Upgrade', 'Upgrade: h2c'])],
  ['two hosts', post(V1, ROW, ['Host: y'])],
  ['two lengths', post(V1, ROW, [`Content-Length: ${ROW.length - 1}`])],
  ['a length and chunks', post(V1, ROW, ['Transfer-Encoding: chunked'])],
  ['a folded header', post(V1, ROW, ['X-A: 1', ' 2'])],
  ['an older HTTP', Buffer.from(`POST ${V1} HTTP/1.0\r\nHost: x\r\nContent-Length: ${ROW.length}\r\n\r\n${ROW}`)],
  ['no HTTP', Buffer.from('GARBAGE\r\n\r\n')],
  ['a body over the limit', post(V1, ' '.repeat(2000))],
  ['two at once', Buffer.concat([post(V1, ROW), post(V2, TENSOR)])],
];

const OPTIONS = { maxRequestBytes: 1000 };

async function expectSame(twins: Twins, pieces: readonly Buffer[], what = ''): Promise<string> {
  const [fast, plain] = await Promise.all([converse(twins.fast, pieces), converse(twins.plain, pieces)]);
  expect([what, fast]).toEqual([what, plain]);
  return fast;
}

test.each(PLAIN)('%s: the same bytes, without node:http', async (_what, bytes) => {
  const twins = await serveTwins(OPTIONS);
  expect(await expectSame(twins, [bytes])).toMatch(/^HTTP\/1\.1 \d{3} [^]*\r\nConnection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n/);
  expect([twins.fast.readByNode(), twins.plain.readByNode()]).toEqual([0, 1]);
});

test.each(LEFT)('%s: the same bytes, by node:http', async (_what, bytes) => {
  const twins = await serveTwins(OPTIONS);
  await expectSame(twins, [bytes]);
  expect(twins.fast.readByNode()).toBe(twins.plain.readByNode());
});

test.each(LEFT)('%s after plain requests on the same connection, and plain ones after it', async (_what, bytes) => {
  const twins = await serveTwins(OPTIONS);
  const plain = post(V1, ROW);
  expect(await expectSame(twins, [plain, plain, bytes, plain])).toMatch(/^(HTTP\/1\.1 200 OK\r\n[^]*?"predictions":\[10\]\}){2}/);
});

test('wherever a request is cut in two, alone or behind another', async () => {
  const twins = await serveTwins(OPTIONS);
  const request = post(V1, ROW, ['Connection: keep-alive']);
  const two = Buffer.concat([request, request]);
  for (let at = 1; at < two.length; at++) {
    const whole = at <= request.length ? request : two;
    const answers = await expectSame(twins, [whole.subarray(0, at), whole.subarray(at)], `cut at ${at}`);
    expect(answers.match(/"predictions":\[10\]/g)).toHaveLength(whole === two ? 2 : 1);
  }
});

test('damaged requests, alone and behind another on their connection', async () => {
  const twins = await serveTwins(OPTIONS);
  const seeds = [...PLAIN, ...LEFT].map(([, bytes]) => bytes);
  const good = post(V1, ROW);
  const goodAnswer = await converse(twins.plain, [good]);
  for (let number = 0; number < 500; number++) {
    const random = seededCase(FUZZ_SEED, 'fast-path', number);
    const bytes = mutate(oneOf(seeds, random), random);
    const plain = await converse(twins.plain, [bytes]);
    expect([bytes.toString('latin1'), await converse(twins.fast, [bytes])]).toEqual([bytes.toString('latin1'), plain]);
    if (number % 4 > 0) continue;
    // Behind a plain request they may be to Node the first bytes of a connection, which it answers in another way where more than a request comes at once.
    const behind = await converse(twins.fast, [good, bytes]);
    expect([goodAnswer + plain, await converse(twins.plain, [good, bytes])]).toContain(behind);
  }
});

test('the access log has the same lines', async () => {
  const twins = await serveTwins(OPTIONS);
  for (const [, bytes] of PLAIN) await expectSame(twins, [bytes]);
  const lines = ({ accessLog }: Twins['fast']): unknown[] => accessLog.map((line) => ({ ...(JSON.parse(line) as object), time: 0, duration_ms: 0 })).map((entry) => JSON.stringify(entry).replace(/[0-9a-f-]{36}/, 'ID'));
  await until('all lines', () => twins.fast.accessLog.length === PLAIN.length && twins.plain.accessLog.length === PLAIN.length);
  expect(lines(twins.fast)).toEqual(lines(twins.plain));
  expect(JSON.parse(twins.fast.accessLog[3] ?? '')).toMatchObject({ request_id: 'r-1', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', status: 200, user_agent: 'Go-http-client/1.1' });
});

test('requests without a token are refused in the same way, and those with one are answered', async () => {
  const twins = await serveTwins({ bearerTokenFile: join(tempFolder({ token: 't' }), 'token') });
  expect(await expectSame(twins, [post(V1, ROW)])).toMatch(/^HTTP\/1\.1 401 [^]*connection: close\r\n/);
  expect(await expectSame(twins, [post(V1, ROW, ['Authorization: Bearer t'])])).toMatch(/^HTTP\/1\.1 200 /);
  expect(twins.fast.readByNode()).toBe(0);
});

test('answers end their connections while the server stops', async () => {
  const twins = await serveTwins({ drainDelaySeconds: 1 });
  const closed = [twins.fast.close(), twins.plain.close()];
  expect(await expectSame(twins, [post(V1, ROW)])).toMatch(/connection: close\r\n[^]*"predictions":\[10\]/);
  expect(twins.fast.readByNode()).toBe(0);
  expect(await Promise.all(closed)).toEqual([0, 0]);
});

test('over TLS, too', async () => {
  const { certificate, privateKey } = selfSignedCertificate(new Date());
  const folder = tempFolder({ 'tls.crt': certificate, 'tls.key': privateKey });
  const twins = await serveTwins({ tls: { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') } });
  const [fast, plain] = await Promise.all([twins.fast, twins.plain].map(({ port }) => new Promise<string>((resolve, reject) => {
    let received = '';
    const socket = connectSecurely({ port, host: '127.0.0.1', ca: certificate }, () => socket.write(post(V1, ROW)));
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      if (received.endsWith('"predictions":[10]}')) socket.write('GET /v1/models/sk HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    });
    socket.on('error', reject).on('close', () => resolve(stable(received)));
  })));
  expect(fast).toBe(plain);
  expect(fast).toMatch(/^HTTP\/1\.1 200 [^]*"predictions":\[10\]\}HTTP\/1\.1 200 [^]*"ready":true\}$/);
  expect([twins.fast.readByNode(), twins.plain.readByNode()]).toEqual([1, 2]);
});
