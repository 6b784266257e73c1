import { IsvcError } from 'cdk8s-kserve/api';
import { unpackSingleArchive } from '../archive/unpack';
import type { FetchSession } from '../session';
import type { Source } from '../source';
import { askOnce, type StoreAccess } from '../transport/ask';
import { headerAuthorizer } from '../transport/authorizer';
import { HttpFailure } from '../transport/failure';
import type { HttpRequest, HttpResponse } from '../transport/http-client';
import { openBody } from '../transport/open-body';
import { redactUri } from '../transport/redact';
import { retry } from '../transport/retry';
import { storeError, type StoreWords } from '../transport/store-error';
import { announcedChecksum } from './announced-checksum';
import { fileNameOf } from './file-name';
import { secretHeaders } from './secret-headers';

/** `https://host/path/model.joblib`: one file, or one archive that is unpacked. */
export const httpSource: Source = {
  schemes: ['http', 'https'],
  async list(uri, session) {
    const url = parseUrl(uri);
    const headers = { ...userHeaders(url), ...secretHeaders(url, session.env) };
    const access: StoreAccess = { client: session.client(), authorizer: headerAuthorizer(headers, Object.keys(headers).length > 0 ? `the headers for ${url.hostname}` : 'anonymous'), redirects: true };
    url.username = '';
    url.password = '';
    const words = wordsOf(uri, url, access);
    try {
      const probe = await ask(url, access, session);
      const contentType = probe.headers['content-type'] ?? '';
      const path = fileNameOf(url, contentType);
      assertNoPage(contentType, path);
      const { size, ranged, condition, version } = describe(probe, session);
      const checksum = announcedChecksum(probe.headers, probe.status === 200);
      const request: HttpRequest = { url, headers: condition };
      const file = { path, size, ranged, version, ...(checksum ? { checksum } : {}) };
      return { files: [{ ...file, open: (range, signal) => openBody(request, range, access, words, signal) }], finish: unpackSingleArchive, identity: words.identity, proven: true };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

function parseUrl(uri: string): URL {
  if (URL.canParse(uri)) return new URL(uri);
  throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address is not a URL', { path: redactUri(uri), hint: 'write it as https://HOST/PATH' });
}

/** A user and password in the address, which `URL` would otherwise have Node send to every host. */
function userHeaders({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
}

/** Asks for the first byte only: a HEAD is refused by many servers and by all signed addresses. */
async function ask(url: URL, access: StoreAccess, session: FetchSession): Promise<HttpResponse> {
  const send = (headers: Readonly<Record<string, string>>): Promise<HttpResponse> => askOnce({ url, headers: { 'accept-encoding': 'identity', ...headers } }, access, session.signal);
  return retry(async () => {
    const response = await send({ range: 'bytes=0-0' }).catch((error: unknown) => {
      // An empty file has no first byte.
      if (error instanceof HttpFailure && error.status === 416) return send({});
      throw error;
    });
    response.body.destroy();
    return response;
  }, { ...session, attempts: session.settings.attempts });
}

function describe({ status, headers }: HttpResponse, { clock }: FetchSession): { size: number | undefined; ranged: boolean; condition: Record<string, string>; version: string } {
  const etag = headers.etag;
  const modified = headers['last-modified'];
  const isStrong = etag !== undefined && !etag.startsWith('W/');
  // Without either, nothing would tell that two parts are of two versions.
  const condition: Record<string, string> = isStrong ? { 'if-match': etag } : modified ? { 'if-unmodified-since': modified } : {};
  const total = /^bytes 0-0\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
  const length = headers['content-length'];
  const size = status === 206 ? total : length;
  const ranged = status === 206 && total !== undefined && Object.keys(condition).length > 0;
  return { size: size === undefined ? undefined : Number(size), ranged, condition, version: etag ?? modified ?? `unknown-${clock.now()}` };
}

/** KServe differs: it accepts nothing but `application/octet-stream`; a log-in page is what that was to catch. */
function assertNoPage(contentType: string, name: string): void {
  if (!/^text\/html\b/i.test(contentType) || /\.html?$/i.test(name)) return;
  throw new IsvcError('ISVC_FETCH_DENIED', `an HTML page comes in place of "${name}", probably to log in`, { hint: 'use the address of the file itself, and give the headers it needs in a secret with the key https-host' });
}

function wordsOf(uri: string, url: URL, { authorizer }: StoreAccess): StoreWords {
  return {
    store: 'http',
    subject: url.host + url.pathname,
    uri: redactUri(uri),
    identity: authorizer.identity,
    deniedHint: `give the headers that ${url.hostname} wants in a secret with the keys https-host and headers`,
    notFoundHint: 'check the spelling of the address',
  };
}
