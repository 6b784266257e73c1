import { writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { selfSignedCertificate } from '../../../../local/src/apiserver/tls/self-signed-certificate';
import { ANSWER, INFER, askGrpc, connectGrpc } from '../../support/grpc';
import { ask, talk } from '../../support/http';
import { runRuntime } from '../../support/runtime-process';
import { echoModel } from '../../support/echo-model';
import { serve, serveTensors } from '../../support/served';
import { tempFolder } from '../../support/temp-folder';
import { until } from '../../../../../test/support/until';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const SETTINGS = '\0\0\0\x04\0\0\0\0\0';
const PREDICT = '/v1/models/sk:predict';
const BODY = '{"instances":[[1,2,3,4]]}';
const REQUEST = `POST ${PREDICT} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

interface Answer2 { readonly headers: Readonly<Record<string, unknown>>; readonly text: string }

function askHttp2(url: string, headers: Readonly<Record<string, string>>, body: string | undefined, ca?: string): Promise<Answer2> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(url, ca === undefined ? {} : { ca });
    session.on('error', reject);
    let answer: Answer2['headers'] = {};
    let text = '';
    const stream = session.request(headers).on('response', (got) => (answer = got)).on('error', reject);
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => {
      session.close();
      resolve({ headers: answer, text });
    });
    stream.end(body);
  });
}

/** Writes a text in pieces that arrive one by one. */
async function drip(socket: Socket, pieces: readonly string[]): Promise<void> {
  socket.setNoDelay();
  for (const piece of pieces) await new Promise<void>((resolve) => socket.write(piece, 'latin1', () => setImmediate(resolve)));
}

test('one port speaks gRPC, HTTP/1 and HTTP/2', async () => {
  const { port } = await serve();
  const client = connectGrpc(port);
  expect(await askGrpc(client, 'ModelInfer', INFER)).toMatchObject(ANSWER);
  expect((await ask(port, PREDICT, { body: BODY })).text).toBe('{"predictions":[10]}');
  expect(await askHttp2(`http://127.0.0.1:${port}`, { ':method': 'POST', ':path': PREDICT, 'x-request-id': 'r2' }, BODY)).toEqual({ headers: expect.objectContaining({ ':status': 200, 'x-request-id': 'r2' }), text: '{"predictions":[10]}' });
  expect((await askHttp2(`http://127.0.0.1:${port}`, { ':path': '/v2/health/ready' }, undefined)).text).toContain('true');
  expect((await askHttp2(`http://127.0.0.1:${port}`, { ':path': '/nowhere' }, undefined)).headers).toMatchObject({ ':status': 404 });
  expect(await askGrpc(client, 'ServerReady', {})).toEqual({ ready: true });
});

test('a body over the limit is 413 over HTTP/2, too', async () => {
  const { port } = await serve({ maxRequestBytes: 100 });
  expect((await askHttp2(`http://127.0.0.1:${port}`, { ':method': 'POST', ':path': PREDICT }, 'x'.repeat(1000))).headers).toMatchObject({ ':status': 413 });
});

test.each([
  ['byte by byte', [...REQUEST]],
  ['after the letters that HTTP/2 begins with', ['P', REQUEST.slice(1)]],
])('a request of HTTP/1 that comes %s is answered', async (_, pieces) => {
  const { port } = await serve();
  const socket = connect(port, '127.0.0.1');
  let received = '';
  const ended = new Promise((resolve) => socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk)).on('end', resolve));
  await drip(socket, pieces);
  await ended;
  socket.destroy();
  expect(received).toMatch(/^HTTP\/1\.1 200 [^]*\{"predictions":\[10\]\}$/);
});

test('a preface in pieces is one, and what only begins like it is bad HTTP/1', async () => {
  const { port } = await serve();
  const socket = connect(port, '127.0.0.1');
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
  await drip(socket, [...PREFACE, SETTINGS]);
  // The server's settings are the first frame of its own.
  await until('settings', () => received.length >= 9 && received[3] === 4);
  socket.destroy();
  expect(await talk(port, 'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('connections that say nothing do not hold up the end', async () => {
  const server = await serve({ shutdownTimeoutSeconds: 30 });
  const silent = connect(server.port, '127.0.0.1');
  await new Promise<void>((resolve) => silent.once('connect', resolve));
  const client = connectGrpc(server.port);
  await askGrpc(client, 'ServerLive', {});
  const closed = new Promise((resolve) => silent.once('close', resolve));
  expect(await server.close()).toBe(0);
  silent.resume();
  await closed;
  await expect(askGrpc(client, 'ServerLive', {})).rejects.toMatchObject({ code: 14 });
});

test('without gRPC the port is HTTP/1 alone', async () => {
  const { port } = await serve({ grpc: false });
  await expect(askGrpc(connectGrpc(port), 'ServerLive', {})).rejects.toMatchObject({ code: 14 });
  expect((await ask(port, PREDICT, { body: BODY })).status).toBe(200);
});

test('calls need the token, probes do not, and each has its line in the access log', async () => {
  const file = join(tempFolder(), 'token');
  writeFileSync(file, 'secret');
  const lines: string[] = [];
  const { port, grpcPort } = await serve({ bearerTokenFile: file, accessLog: (line) => lines.push(line), grpc: { port: 0 } });
  for (const one of [port, grpcPort]) {
    const client = connectGrpc(one);
    const refused = { code: 16, details: expect.stringContaining('needs a valid bearer token') };
    await expect(askGrpc(client, 'ModelInfer', INFER)).rejects.toMatchObject(refused);
    await expect(askGrpc(client, 'ModelInfer', INFER, { metadata: { authorization: 'Bearer other' } })).rejects.toMatchObject(refused);
    expect(await askGrpc(client, 'ModelInfer', INFER, { metadata: { authorization: 'Bearer secret', 'x-request-id': 'r7' } })).toMatchObject(ANSWER);
    expect(await askGrpc(client, 'ServerReady', {})).toEqual({ ready: true });
  }
  await until('eight lines', () => lines.length === 8);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(expect.objectContaining({ request_id: 'r7', method: 'POST', path: '/inference.GRPCInferenceService/ModelInfer', status: 200, grpc_status: 0 }));
  expect(lines.filter((line) => (JSON.parse(line) as { grpc_status: number }).grpc_status === 16)).toHaveLength(4);
});

test('TLS clients choose by ALPN, on both ports', async () => {
  const { certificate, privateKey } = selfSignedCertificate(new Date());
  const folder = tempFolder({ 'tls.crt': certificate, 'tls.key': privateKey });
  const { port, grpcPort } = await serve({ tls: { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') }, grpc: { port: 0 } });
  const trust = (): ReturnType<typeof credentials.createSsl> => credentials.createSsl(Buffer.from(certificate));
  for (const one of [port, grpcPort]) expect(await askGrpc(connectGrpc(one, {}, trust()), 'ModelInfer', INFER)).toMatchObject(ANSWER);
  expect(await askHttp2(`https://127.0.0.1:${port}`, { ':method': 'POST', ':path': PREDICT }, BODY, certificate)).toMatchObject({ text: '{"predictions":[10]}' });
  await expect(askGrpc(connectGrpc(port), 'ServerLive', {})).rejects.toMatchObject({ code: 14 });
});

test('workers share the port of gRPC', async () => {
  const module = 'export class Model { predict() { return { outputs: [{ name: "pid", datatype: "INT64", shape: [1], data: [BigInt(process.pid)] }] }; } }';
  const runtime = runRuntime(['serve', '--model_name=sk', `--model_module=${join(tempFolder({ 'own.mjs': module }), 'own.mjs')}`, '--http_port=0', '--workers=2']);
  await until('two workers: ready', () => runtime.stderr().includes('2 workers ready on port'));
  const port = Number(/workers ready on port (\d+)/.exec(runtime.stderr())?.[1]);
  const answers = await Promise.all(Array.from({ length: 8 }, () => askGrpc(connectGrpc(port), 'ModelInfer', INFER)));
  const pids = answers.map((answer) => (answer as { outputs: { contents: { int64_contents: number[] } }[] }).outputs[0]?.contents.int64_contents[0]);
  expect(new Set(pids).size).toBe(2);
  expect((await ask(port, '/v2/health/ready')).status).toBe(200);
  runtime.child.kill('SIGTERM');
  expect(await runtime.exit).toBe(0);
});

test('an idle connection is closed, one with a call that takes long is not, and one that nobody answers is cut', async () => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const model = echoModel(async (inputs) => (await opened, inputs));
  const { port } = await serveTensors(model, { grpc: { idleSeconds: 0.1 } });
  const idle = connectHttp2(`http://127.0.0.1:${port}`);
  const goneAway = new Promise((resolve) => idle.once('close', resolve));
  const long = askGrpc(connectGrpc(port), 'ModelInfer', { ...INFER, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } }] });
  await until('the call', () => model.asked.length === 1);
  await goneAway;
  // Its frames stop in the middle, and it answers no ping.
  const mute = connect(port, '127.0.0.1');
  const cut = new Promise((resolve) => mute.once('close', resolve));
  mute.on('error', () => {}).resume().write(`${PREFACE}${SETTINGS}\0\0\x20\x01`, 'latin1');
  await cut;
  open();
  expect(await long).toMatchObject({ outputs: [{ contents: { fp32_contents: [1] } }] });
});
