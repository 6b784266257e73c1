import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../src/io';
import { runIsvc } from '../../src/program';

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-fetch-test-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
});

interface Ran { readonly code: number; readonly out: string; readonly err: string }

async function isvc(argv: readonly string[], signals = new EventEmitter(), isTTY = false): Promise<Ran> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: { write: (t: string) => (out += t) }, err: { isTTY, write: (t: string) => (err += t) }, colors: false, signals, now: () => new Date(0), exitCode: 0,
  };
  return { code: await runIsvc(['fetch', ...argv], io), out, err };
}

function source(text = 'weights'): string {
  writeFileSync(join(folder, 'model.bin'), text);
  return join(folder, 'model.bin');
}

describe('isvc fetch', () => {
  it('copies a model and says what came, exit code 0', async () => {
    const [from, to] = [source(), join(folder, 'target')];
    expect(await isvc([from, to])).toEqual({ code: 0, out: `${from}: 1 file, 7 bytes, in ${to} after 0.0 s\n`, err: '' });
    expect(readFileSync(join(to, 'model.bin'), 'utf8')).toBe('weights');
    expect((await isvc([from, to])).out).toBe(`${from}: 1 file, 7 bytes, already in ${to}\n`);
  });

  it('gives the same as JSON', async () => {
    const [from, to] = [source(), join(folder, 'target')];
    const { code, out } = await isvc([from, to, '--json']);
    expect([code, JSON.parse(out)]).toEqual([0, { source: from, folder: to, files: 1, bytes: 7, unchanged: false, verified: false, milliseconds: 0 }]);
  });

  it('draws its progress on a terminal only, and removes it', async () => {
    expect((await isvc([source(), join(folder, 'target')], new EventEmitter(), true)).err).toMatch(/\r\u001b\[K$/);
  });

  it('verifies, and refuses another content with exit code 1', async () => {
    const [from, to, sums] = [source(), join(folder, 'target'), join(folder, 'SHA256SUMS')];
    writeFileSync(sums, `${createHash('sha256').update('weights').digest('hex')}  model.bin\n`);
    expect((await isvc([from, to, '--digests', sums])).out).toContain('7 bytes, verified, in');
    const bad = await isvc([source('WEIGHTS'), join(folder, 'other'), '--digests', sums, '--json']);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({ error: { code: 'ISVC_FETCH_UNVERIFIED' } });
    expect(bad.err).toMatch(/^isvc: .*\(?model\.bin\)?: the sha256 digest is .*\[ISVC_FETCH_UNVERIFIED\]\n$/);
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  it('names cause and fix of a failure in one line, without passwords, exit code 1', async () => {
    server = createServer((_request, response) => response.writeHead(403).end());
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const { code, out, err } = await isvc([`http://me:hunter2@127.0.0.1:${port}/iris.bin?sig=hunter3`, join(folder, 'target')]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^isvc: http:\/\/\*\*\*@127\.0\.0\.1:\d+\/iris\.bin\?sig=\*\*\*.*\[ISVC_FETCH_DENIED\]\n$/);
    expect(err).not.toMatch(/hunter/);
  });

  it.each(['SIGINT', 'SIGTERM'])('%s in the middle leaves the folder as it was, exit code 130', async (signal) => {
    const signals = new EventEmitter();
    // A server that gives one byte and then nothing.
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('w');
      if (_request.method === 'GET') setImmediate(() => signals.emit(signal));
    });
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const to = join(folder, 'target');
    expect(await isvc([`http://127.0.0.1:${port}/iris.bin`, to], signals)).toEqual({ code: 130, out: '', err: `isvc: interrupted, ${to} is as it was\n` });
    expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual([]);
    expect(signals.listenerCount(signal)).toBe(0);
  });

  it.each([[['only-a-source']], [['a', 'b', '--digest', 'x']]])('%j is wrong usage, exit code 2', async (argv) => {
    expect((await isvc(argv)).code).toBe(2);
  });
});
