import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tempFolder } from '../../support/temp-folder';
import { tarOf } from '../support/archives';
import { someBytes } from '../support/bytes';
import { contentOf, failureOf, fetched, fetchInto } from '../support/fetch-into';
import { faultProxy } from '../support/fault-proxy';
import { type FileAnswer, answerFile } from '../support/file-server';
import { listen } from '../support/servers';

const MODEL = someBytes(300_000);

function serveFile(content: Buffer, answer?: FileAnswer, seen: IncomingMessage[] = []): Promise<string> {
  return listen((request, response) => {
    seen.push(request);
    answerFile(request, response, content, answer);
  });
}

describe('http(s)://', () => {
  test('a file comes in parts, each with the tag of the first answer', async () => {
    const seen: IncomingMessage[] = [];
    const origin = await serveFile(MODEL, {}, seen);
    expect(await fetched(`${origin}/models/model.joblib`)).toEqual({ 'model.joblib': MODEL.toString('latin1') });
    const ranges = seen.map(({ headers }) => headers.range);
    expect(ranges[0]).toBe('bytes=0-0');
    expect(ranges.slice(1).sort()).toEqual(['bytes=0-65535', 'bytes=131072-196607', 'bytes=196608-262143', 'bytes=262144-299999', 'bytes=65536-131071']);
    expect(new Set(seen.slice(1).map(({ headers }) => headers['if-match']))).toEqual(new Set([`"${createHash('md5').update(MODEL).digest('hex')}"`]));
  });

  test.each<[string, Buffer, FileAnswer]>([
    ['a server without ranges', MODEL, { ranges: false }],
    ['an empty file', Buffer.alloc(0), {}],
    ['a file of one part', MODEL.subarray(0, 1000), {}],
    ['a file with a digest', MODEL, { headers: { 'repr-digest': `sha-256=:${createHash('sha256').update(MODEL).digest('base64')}:` } }],
    ['a text type', MODEL, { headers: { 'content-type': 'application/json' } }],
  ])('%s', async (_what, content, answer) => {
    const origin = await serveFile(content, answer);
    expect(await fetched(`${origin}/model.joblib`)).toEqual({ 'model.joblib': content.toString('latin1') });
  });

  test('a second run asks for the tag only', async () => {
    const seen: IncomingMessage[] = [];
    const [origin, target] = [await serveFile(MODEL, {}, seen), tempFolder()];
    await fetchInto(target, `${origin}/m.bin`);
    seen.length = 0;
    expect(await fetchInto(target, `${origin}/m.bin`)).toEqual({ files: 1, bytes: 300_000, unchanged: true });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['/m.tar.gz', gzipSync(tarOf({ 'a/model.joblib': 'm' })), 'application/octet-stream'],
    ['/download?file=m.tgz', gzipSync(tarOf({ 'a/model.joblib': 'm' })), 'application/octet-stream'],
    ['/download', tarOf({ 'a/model.joblib': 'm' }), 'application/x-tar'],
  ])('the archive of %s is unpacked', async (path, content, type) => {
    const origin = await serveFile(content, { headers: { 'content-type': type } });
    expect(await fetched(origin + path)).toEqual({ 'a/model.joblib': 'm' });
  });

  test.each<[string, Record<string, string>]>([
    ['the variable of KServe', { '127.0.0.1-headers': '{"Authorization":"Bearer top-secret","X-Key":"k"}' }],
    ['the variables of our renderer', { HTTPS_HOST: '127.0.0.1\n', HTTPS_HEADERS: '{"Authorization":"Bearer top-secret","X-Key":"k"}' }],
    ['a second secret', { HTTPS_HOST: 'example.com', HTTPS_HEADERS: '{"Authorization":"Bearer other"}', HTTPS_HOST_2: '127.0.0.1', HTTPS_HEADERS_2: '{"Authorization":"Bearer top-secret","X-Key":"k"}' }],
  ])('headers of the host come from %s and stay with the host', async (_what, env) => {
    const last: IncomingMessage[] = [];
    const cdn = (await serveFile(MODEL, {}, last)).replace('127.0.0.1', 'localhost');
    const seen: IncomingMessage[] = [];
    const origin = await listen((request, response) => {
      seen.push(request);
      response.writeHead(302, { location: `${cdn}/real.bin` }).end();
    });
    expect(await fetched(`${origin}/m.bin`, env)).toEqual({ 'm.bin': MODEL.toString('latin1') });
    expect(seen.every((request) => request.headers.authorization === 'Bearer top-secret' && request.headers['x-key'] === 'k')).toBe(true);
    expect(last.some((request) => 'authorization' in request.headers || 'x-key' in request.headers)).toBe(false);
  });

  const respond = (status: number, headers: Record<string, string> = {}, body = '') => (_: IncomingMessage, response: ServerResponse) => void response.writeHead(status, headers).end(body);
  test.each([
    ['401', respond(401), 'ISVC_FETCH_DENIED', /http: access denied to .*\/m\.bin as anonymous; give the headers that 127\.0\.0\.1 wants/],
    ['403', respond(403), 'ISVC_FETCH_DENIED', /access denied/],
    ['404', respond(404), 'ISVC_FETCH_NOT_FOUND', /does not exist; check the spelling/],
    ['400', respond(400), 'ISVC_FETCH_IO', /status 400/],
    ['a log-in page', respond(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>'), 'ISVC_FETCH_DENIED', /an HTML page comes/],
    ['a redirect to metadata', respond(302, { location: 'http://169.254.169.254/latest/meta-data' }), 'ISVC_FETCH_UNSAFE', /169\.254\.169\.254 is an address of instance metadata/],
    ['a redirect to metadata in another spelling', respond(302, { location: 'http://[::ffff:a9fe:a9fe]/' }), 'ISVC_FETCH_UNSAFE', /instance metadata/],
    ['a redirect to a file', respond(302, { location: 'file:///etc/passwd' }), 'ISVC_FETCH_UNSAFE', /leads to a file: address/],
    ['a redirect to itself', respond(302, { location: '/m.bin' }), 'ISVC_FETCH_UNSAFE', /leads on and on, more than 10 times/],
  ])('%s is an error at once, and nothing is left', async (_what, listener, code, line) => {
    const [origin, target] = [await listen(listener), tempFolder()];
    const failure = await failureOf(fetchInto(target, `${origin}/m.bin`));
    expect(failure).toEqual({ code, line: expect.stringMatching(line) });
    expect(readdirSync(target)).toEqual([]);
  });

  test.each(['http://169.254.169.254/x', 'http://0xa9fea9fe/x', 'http://[fd00:ec2::254]/x', 'http://[fe80::1]/x'])('%s is refused without a connection', async (uri) => {
    expect(await failureOf(fetched(uri))).toMatchObject({ code: 'ISVC_FETCH_UNSAFE' });
  });

  test('credentials of the address are sent and never shown', async () => {
    const seen: IncomingMessage[] = [];
    const origin = await serveFile(MODEL, {}, seen);
    await fetched(`${origin.replace('//', '//ann:s3cret@')}/m.bin`);
    expect(seen.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('ann:s3cret').toString('base64')}`);
    const failing = await listen(respond(403));
    const { line } = await failureOf(fetched(`${failing.replace('//', '//ann:s3cret@')}/m.bin?sig=topsecret&X-Amz-Signature=alsosecret`));
    expect(line).not.toMatch(/s3cret|topsecret|alsosecret/);
  });

  test('a file that changes between two parts is not put together', async () => {
    let asked = 0;
    const other = someBytes(300_000, 7);
    const origin = await listen((request, response) => answerFile(request, response, asked++ === 0 ? MODEL : other));
    expect(await failureOf(fetched(`${origin}/m.bin`))).toEqual({ code: 'ISVC_FETCH_CORRUPT', line: expect.stringContaining('changed while it was fetched; fetch again') });
  });

  test('a fetch that was broken off goes on where it was', async () => {
    const origin = await serveFile(MODEL);
    const target = tempFolder();
    const broken = await faultProxy(origin, { status: 503 }, { when: ({ headers }) => headers.range?.startsWith('bytes=262144') === true, times: 99 });
    const env = { ISVC_FETCH_CONNECTIONS: '1' };
    const { code } = await failureOf(fetchInto(target, `${broken.origin}/m.bin`, env));
    expect(code).toBe('ISVC_FETCH_UNREACHABLE');
    expect(contentOf(target)['m.bin']).toBeUndefined();
    const stage = readdirSync(target);
    expect(stage).toEqual([expect.stringMatching(/^\.isvc-fetch-/)]);
    // The store is well again: what went wrong was in front of it.
    const seen = broken.requests.length;
    const healthy = await fetchInto(target, `${broken.origin}/m.bin`, { ...env, ISVC_FETCH_ATTEMPTS: '200' });
    expect(healthy.bytes).toBe(300_000 - 262_144);
    expect(broken.requests.length - seen).toBeGreaterThan(90);
    expect(contentOf(target)).toEqual({ 'm.bin': MODEL.toString('latin1') });
  });

  test('a stage of another version is thrown away', async () => {
    const target = tempFolder({ '.isvc-fetch-0123456789abcdef/.isvc-journal': '["m.bin",0,300000]\n', '.isvc-fetch-0123456789abcdef/m.bin': 'old' });
    writeFileSync(join(target, 'mine.txt'), 'm');
    await fetchInto(target, `${await serveFile(MODEL)}/m.bin`);
    expect(contentOf(target)).toEqual({ 'm.bin': MODEL.toString('latin1'), 'mine.txt': 'm' });
  });
});
