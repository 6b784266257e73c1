import type { IncomingMessage } from 'node:http';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { tempFolder } from '../../support/temp-folder';
import { someBytes } from '../support/bytes';
import { answerFile } from '../support/file-server';
import { contentOf, failureOf, fetchInto } from '../support/fetch-into';
import { listen } from '../support/servers';

const MODEL = someBytes(300_000);
const SHA256 = `sha-256=:${createHash('sha256').update(MODEL).digest('base64')}:`;

/** A server that says it serves parts and then, from some request on, does not. */
function forgetful(partsUntil: number, seen: IncomingMessage[] = [], headers: Record<string, string> = {}): Promise<string> {
  return listen((request, response) => {
    const isProbe = request.headers.range === 'bytes=0-0';
    if (!isProbe) seen.push(request);
    answerFile(request, response, MODEL, { ranges: isProbe || seen.length <= partsUntil, headers });
  });
}

test.each([
  ['no part', 0, {}],
  ['some parts', 2, {}],
  ['some parts of a file with a digest', 2, { 'repr-digest': SHA256 }],
])('a file of which the store serves %s comes as one stream', async (_what, partsUntil, headers) => {
  const [target, warnings, seen]: [string, string[], IncomingMessage[]] = [tempFolder(), [], []];
  let bytes = 0;
  const env = { ISVC_FETCH_CONNECTIONS: '3' };
  await fetchInto(target, `${await forgetful(partsUntil, seen, headers)}/m.bin`, env, { warn: (line) => warnings.push(line), onBytes: (more) => void (bytes += more) });
  expect(contentOf(target)).toEqual({ 'm.bin': MODEL.toString('latin1') });
  expect(warnings).toEqual(['m.bin: the store does not serve parts of it; fetched as a whole']);
  expect(seen.filter(({ headers: { range } }) => range === undefined)).toHaveLength(1);
  expect(bytes).toBeGreaterThanOrEqual(MODEL.length);
});

test('a stream that breaks off and cannot be continued starts over', async () => {
  let whole = 0;
  const origin = await listen((request, response) => {
    if (request.headers.range === 'bytes=0-0') return answerFile(request, response, MODEL);
    if (whole++ > 0) return answerFile(request, response, MODEL, { ranges: false });
    response.writeHead(200, { etag: `"${createHash('md5').update(MODEL).digest('hex')}"`, 'content-length': MODEL.length });
    response.write(MODEL.subarray(0, 100_000), () => setImmediate(() => response.socket?.resetAndDestroy()));
  });
  const target = tempFolder();
  await fetchInto(target, `${origin}/m.bin`, { ISVC_FETCH_PART_MIB: '1' });
  expect(contentOf(target)).toEqual({ 'm.bin': MODEL.toString('latin1') });
});

test('a server that overlooks the condition as well is found out when it has another version', async () => {
  const target = tempFolder();
  const origin = await listen((request, response) => {
    const isProbe = request.headers.range === 'bytes=0-0';
    delete request.headers['if-match'];
    answerFile(request, response, isProbe ? MODEL : someBytes(300_000, 9), { ranges: isProbe });
  });
  expect(await failureOf(fetchInto(target, `${origin}/m.bin`))).toEqual({ code: 'ISVC_FETCH_CORRUPT', line: expect.stringContaining('changed while it was fetched') });
  expect(readdirSync(target)).toEqual([]);
});
