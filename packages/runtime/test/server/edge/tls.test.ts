import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get, request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TLSSocket, createServer } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { selfSignedCertificate } from '../../../../local/src/apiserver/tls/self-signed-certificate';
import { silentLog } from '../../../src/process/log';
import { readTls, renewTls } from '../../../src/server/edge/tls';
import { echoModel } from '../../support/echo-model';
import { askGrpc, connectGrpc } from '../../support/grpc';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { serve, serveTensors } from '../../support/served';
import { tempFolder } from '../../support/temp-folder';
import { until } from '../../../../../test/support/until';

const UNAVAILABLE = 14;
const first = selfSignedCertificate(new Date());
const second = selfSignedCertificate(new Date());

function filesOf({ certificate, privateKey } = first): { cert: string; key: string } {
  const folder = tempFolder({ 'tls.crt': certificate, 'tls.key': privateKey });
  return { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
}

/** Status of a path, and the serial number of the certificate that the server showed. */
function askSecurely(port: number, path: string): Promise<{ readonly status: number | undefined; readonly serial: string }> {
  return new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, path, ca: [first.certificate, second.certificate], agent: false }, (response) => {
      const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
      response.resume().on('end', () => resolve({ status: response.statusCode, serial }));
    });
    asked.on('error', reject);
  });
}

test('the port speaks TLS, and plain HTTP is no crash', async () => {
  const { port } = await serve({ tls: filesOf() });
  expect((await askSecurely(port, '/v2/health/ready')).status).toBe(200);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect((await askSecurely(port, '/v1/models/sk')).status).toBe(200);
});

test('clients that never agree on TLS do not hold the server longer than its shutdown timeout, nor do busy ones', async () => {
  const model = echoModel(() => new Promise(() => {}));
  const server = await serveTensors(model, { tls: filesOf(), grpc: { port: 0 }, shutdownTimeoutSeconds: 0.2 });
  const sockets = [server.port, server.grpcPort ?? 0].map((port) => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] });
  const busy = once(request({ host: '127.0.0.1', port: server.port, path: '/v2/models/sk/infer', method: 'POST', ca: first.certificate, agent: false }).end(body), 'error');
  const call = askGrpc(connectGrpc(server.grpcPort, {}, credentials.createSsl(Buffer.from(first.certificate))), 'ModelInfer', { model_name: 'sk', inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } }] });
  const refused = expect(call).rejects.toMatchObject({ code: UNAVAILABLE });
  await until('both requests', () => model.asked.length === 2);
  expect(await server.close()).toBe(4);
  await Promise.all([busy, refused]);
  for (const socket of sockets) socket.destroy();
});

test('a renewed certificate is shown to new connections; a half-written one is not taken', async () => {
  const files = filesOf();
  const server = createServer(readTls(files));
  const shown: unknown[] = [];
  const stop = renewTls({ setSecureContext: (options) => { server.setSecureContext(options); shown.push(options.cert?.toString()); } }, files, silentLog, 5);
  try {
    writeFileSync(files.cert, second.certificate);
    writeFileSync(files.key, second.privateKey);
    await until('the new certificate: taken', () => shown.includes(second.certificate));
    expect(shown).not.toContain(first.certificate);
  } finally {
    stop();
  }
});

test('a key of another certificate and a missing file are refused at the start', () => {
  const other = filesOf(second);
  const { cert } = filesOf();
  expect(isvcErrorOf(() => readTls({ cert, key: other.key })).message).toMatch(/cannot be used together/);
  expect(isvcErrorOf(() => readTls({ cert, key: '/nowhere' })).message).toMatch(/--tls_key_file cannot be used/);
});
