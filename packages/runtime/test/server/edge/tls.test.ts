import { writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { type TLSSocket, createServer } from 'node:tls';
import { selfSignedCertificate } from '../../../../local/src/apiserver/tls/self-signed-certificate';
import { silentLog } from '../../../src/process/log';
import { readTls, renewTls } from '../../../src/server/edge/tls';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { serve } from '../../support/served';
import { tempFolder } from '../../support/temp-folder';
import { until } from '../../support/until';

const first = selfSignedCertificate(new Date());
const second = selfSignedCertificate(new Date());

function filesOf({ certificate, privateKey } = first): { cert: string; key: string } {
  const folder = tempFolder({ 'tls.crt': certificate, 'tls.key': privateKey });
  return { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
}

/** Status of a path, and the serial number of the certificate that the server showed. */
function askSecurely(port: number, path: string): Promise<{ readonly status: number | undefined; readonly serial: string }> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, ca: [first.certificate, second.certificate], agent: false }, (response) => {
      const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
      response.resume().on('end', () => resolve({ status: response.statusCode, serial }));
    });
    request.on('error', reject);
  });
}

test('the port speaks TLS, and plain HTTP is no crash', async () => {
  const { port } = await serve({ tls: filesOf() });
  expect((await askSecurely(port, '/v2/health/ready')).status).toBe(200);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect((await askSecurely(port, '/v1/models/sk')).status).toBe(200);
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
