import { createHash } from 'node:crypto';
import { signSharedKey } from '../../../src/storage/azure/shared-key';
import { answerFile } from './file-server';
import { listen } from './servers';

export interface FakeShareOptions {
  /** The account key that requests must be signed with, in base64. @default - none is asked for */
  readonly key?: string;
  /** The signature that addresses must carry. @default - none is asked for */
  readonly sas?: string;
  /** The tag that content is answered with, in place of the listed one. */
  readonly contentTag?: string;
}

const SIGNED = ['x-ms-version', 'x-ms-file-extended-info', 'x-ms-file-request-intent', 'range'];

/** The share `models` of Azure Files with a folder of files, as far as reading goes: listings of one entry a page, ranges, no conditions. */
export function fakeShare(files: Readonly<Record<string, Buffer>>, { key, sas, contentTag }: FakeShareOptions): Promise<string> {
  return listen((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const refuse = (status: number, code: string): void => void response.writeHead(status).end(`<Error><Code>${code}</Code><Message>refused</Message></Error>`);
    if (request.headers['if-match'] !== undefined) return refuse(400, 'ConditionHeadersNotSupported');
    if (sas !== undefined && url.searchParams.get('sig') !== sas) return refuse(403, 'AuthenticationFailed');
    if (key !== undefined) {
      const own = Object.fromEntries(SIGNED.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]])));
      const expected = signSharedKey({ url, headers: own }, 'acct', key, Date.parse(String(request.headers['x-ms-date'])));
      if (request.headers.authorization !== expected.headers?.['authorization']) return refuse(403, 'AuthenticationFailed');
    }
    const path = decodeURIComponent(url.pathname).replace(/^\/models\/?/, '');
    if (url.searchParams.get('comp') !== 'list') {
      const content = files[path];
      if (!content) return refuse(404, 'ResourceNotFound');
      // As the store does: that of the whole file goes by another name where a part is asked for.
      const md5 = createHash('md5').update(content).digest('base64');
      return answerFile(request, response, content, { etag: contentTag ?? tagOf(content), headers: request.headers['range'] ? { 'x-ms-content-md5': md5 } : { 'content-md5': md5 } });
    }
    const folder = path === '' ? '' : `${path}/`;
    const below = Object.keys(files).filter((name) => name.startsWith(folder)).map((name) => name.slice(folder.length));
    // As the store does: what is no folder cannot be listed.
    if (below.length === 0) return refuse(404, 'ResourceNotFound');
    const names = [...new Set(below.map((name) => name.split('/')[0] ?? ''))].filter((name) => name.startsWith(url.searchParams.get('prefix') ?? '')).sort();
    const at = Number(url.searchParams.get('marker') ?? 0);
    const entries = names.slice(at, at + 1).map((name) => {
      const content = files[folder + name];
      const label = `<FileId>${at}</FileId><Name>${name.replaceAll('&', '&amp;')}</Name>`;
      return content ? `<File>${label}<Properties><Content-Length>${content.length}</Content-Length><Etag>${tagOf(content)}</Etag></Properties></File>` : `<Directory>${label}<Properties /></Directory>`;
    });
    response.end(`<EnumerationResults><Entries>${entries.join('')}</Entries><NextMarker>${at + 1 < names.length ? at + 1 : ''}</NextMarker></EnumerationResults>`);
  });
}

function tagOf(content: Buffer): string {
  return `"${createHash('sha1').update(content).digest('hex')}"`;
}
