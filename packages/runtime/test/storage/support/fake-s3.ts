import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { signV4 } from '../../../src/storage/s3/sign-v4';
import { answerFile } from './file-server';
import { listen } from './servers';

export interface FakeS3Options {
  /** @default 1000 */
  readonly pageSize?: number;
  /** Keys that requests must be signed with; anonymous where absent. */
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** Further headers of objects. */
  readonly headers?: Readonly<Record<string, string>> | ((request: IncomingMessage) => Readonly<Record<string, string>>);
  /** The ETag of the listing and of objects. @default - their MD5 */
  readonly etag?: string;
  readonly seen?: IncomingMessage[];
}

/** A bucket `models` in memory: listing by pages, objects with ranges, signatures checked. */
export function fakeS3(objects: Readonly<Record<string, Buffer>>, options: FakeS3Options = {}): Promise<string> {
  return listen((request, response) => {
    options.seen?.push(request);
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    if (!isSigned(request, url, options)) return refuse(response, 403, 'SignatureDoesNotMatch', 'the signature does not match');
    const [, bucket, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    if (bucket !== 'models') return refuse(response, 404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (key === '') return list(response, url, objects, options);
    const content = objects[key];
    if (!content) return refuse(response, 404, 'NoSuchKey', 'The specified key does not exist.');
    const { headers = {}, etag } = options;
    answerFile(request, response, content, { ...(etag ? { etag } : {}), headers: typeof headers === 'function' ? headers(request) : headers });
  });
}

function isSigned(request: IncomingMessage, url: URL, { keys }: FakeS3Options): boolean {
  const authorization = request.headers.authorization;
  if (!keys) return authorization === undefined;
  const match = /Credential=[^/]+\/\d+\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+)/.exec(authorization ?? '');
  if (!match) return false;
  const [, region = '', names = ''] = match;
  const time = String(request.headers['x-amz-date']).replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5');
  const computed = names.split(';').filter((name) => !['host', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'].includes(name));
  const headers = Object.fromEntries(computed.map((name) => [name, String(request.headers[name])]));
  const signed = signV4({ method: request.method as 'GET', url, headers }, keys, { region, service: 's3', now: Date.parse(time) });
  return signed.headers?.['authorization'] === authorization;
}

function list(response: ServerResponse, url: URL, objects: Readonly<Record<string, Buffer>>, { pageSize = 1000, etag }: FakeS3Options): void {
  const prefix = url.searchParams.get('prefix') ?? '';
  const keys = Object.keys(objects).filter((key) => key.startsWith(prefix)).sort();
  const from = Number(url.searchParams.get('continuation-token') ?? 0);
  const page = keys.slice(from, from + pageSize);
  const more = from + pageSize < keys.length;
  const contents = page.map((key) => {
    const content = objects[key] ?? Buffer.alloc(0);
    return `<Contents><Key>${encodeURIComponent(key)}</Key><ETag>${(etag ?? `"${createHash('md5').update(content).digest('hex')}"`).replaceAll('"', '&quot;')}</ETag><Size>${content.length}</Size></Contents>`;
  });
  response.end(`<?xml version="1.0"?><ListBucketResult xmlns="x"><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + pageSize}</NextContinuationToken>` : ''}${contents.join('')}</ListBucketResult>`);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}
