import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { signSharedKey } from '../../../src/storage/azure/shared-key';
import { tarOf } from './archives';
import { fakeGit } from './fake-git';
import { fakeS3 } from './fake-s3';
import { fakeShare } from './fake-share';
import { answerFile } from './file-server';
import { commitWith } from './git-objects';
import { listen } from './servers';

type Files = Readonly<Record<string, Buffer>>;

/** A store in memory that holds a model of some files, and how the fetcher is told of it. */
export interface FakeStore {
  serve(files: Files): Promise<string>;
  address(origin: string): { readonly uri: string; readonly env: Readonly<Record<string, string>> };
  /** Whether a request is for the content of a file, not for a listing. */
  isData(request: IncomingMessage, body?: Buffer): boolean;
  /** Whether each file is compared with a digest that the store has of it. */
  readonly checked: boolean;
  /** How the store says that credentials have run out. @default - by status 401 */
  readonly expired?: { readonly status: number; readonly body: string };
}

export const SECRETS = { s3: 'very/secret+key', hf: 'hf_verysecret', modelscope: 'ms-verysecret', oci: 'registry-password', azure: Buffer.from('azure-account-key').toString('base64'), webhdfs: 'delegation-secret', git: 'git-token' };
const S3_KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: SECRETS.s3 };
const md5 = (content: Buffer): string => createHash('md5').update(content).digest('base64');
const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://x');
const json = (response: ServerResponse, value: unknown): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const refuse = (response: ServerResponse, status: number, headers: Record<string, string> = {}): void => void response.writeHead(status, headers).end();

export const FAKE_STORES = {
  s3: {
    checked: true,
    serve: (files) => fakeS3(Object.fromEntries(Object.entries(files).map(([path, content]) => [`iris/${path}`, content])), { keys: S3_KEYS, pageSize: 1 }),
    address: (origin) => ({ uri: 's3://models/iris', env: { AWS_ENDPOINT_URL: origin, AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey } }),
    isData: (request) => !request.url?.includes('list-type'),
    expired: { status: 400, body: '<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>' },
  },
  gs: {
    checked: true,
    serve: (files) => listen((request, response) => {
      const url = urlOf(request);
      if (url.pathname === '/storage/v1/b/models/o') {
        const names = Object.keys(files).sort();
        const at = Number(url.searchParams.get('pageToken') ?? 0);
        const items = names.slice(at, at + 1).map((name) => ({ name: `iris/${name}`, size: String(files[name]?.length), generation: '7', md5Hash: md5(files[name] ?? Buffer.alloc(0)) }));
        return json(response, { items, ...(at + 1 < names.length ? { nextPageToken: String(at + 1) } : {}) });
      }
      const name = /^\/download\/storage\/v1\/b\/models\/o\/iris%2F(.+)$/.exec(url.pathname)?.[1];
      const content = name === undefined ? undefined : files[decodeURIComponent(name)];
      return content && url.searchParams.get('generation') === '7' ? answerFile(request, response, content) : refuse(response, 404);
    }),
    address: (origin) => ({ uri: 'gs://models/iris', env: { STORAGE_EMULATOR_HOST: origin } }),
    isData: (request) => request.url?.startsWith('/download/') === true,
  },
  hf: {
    checked: true,
    serve: (files) => listen((request, response) => {
      const { pathname } = urlOf(request);
      if (pathname.startsWith('/cdn/')) {
        if (request.headers.authorization) return refuse(response, 400);
        return answerFile(request, response, files[decodeURIComponent(pathname.slice('/cdn/'.length))] ?? Buffer.alloc(0));
      }
      if (request.headers.authorization !== `Bearer ${SECRETS.hf}`) return refuse(response, 401, { 'x-error-message': 'Access to model is restricted' });
      if (pathname === '/api/models/org/iris/revision/v1') return json(response, { sha: 'abc123' });
      if (pathname === '/api/models/org/iris/tree/abc123') {
        return json(response, Object.entries(files).map(([path, content]) => ({ type: 'file', path, size: 130, oid: 'pointer', lfs: { oid: sha256(content), size: content.length } })));
      }
      const path = /^\/org\/iris\/resolve\/abc123\/(.+)$/.exec(pathname)?.[1];
      // Another host name of the same machine, as the hub's CDN is another host.
      return path ? refuse(response, 302, { location: `http://localhost:${new URL(`http://${request.headers.host}`).port}/cdn/${path}` }) : refuse(response, 404);
    }),
    address: (origin) => ({ uri: 'hf://org/iris:v1', env: { HF_ENDPOINT: origin, HF_TOKEN: SECRETS.hf } }),
    isData: (request) => request.url?.startsWith('/cdn/') === true,
  },
  modelscope: {
    checked: true,
    serve: (files) => listen((request, response) => {
      const { pathname, searchParams: query } = urlOf(request);
      if (request.headers.authorization !== `Bearer ${SECRETS.modelscope}` || request.headers.cookie !== `m_session_id=${SECRETS.modelscope}`) return refuse(response, 403);
      if (query.get('Revision') !== 'v1') return refuse(response, 404);
      if (pathname === '/api/v1/models/org/iris/repo/files') {
        const entries = Object.entries(files).map(([path, content]) => ({ Path: path, Type: 'blob', Size: content.length, Sha256: sha256(content), Revision: 'abc' }));
        return json(response, { Code: 200, Success: true, Data: { Files: [{ Path: 'meta', Type: 'tree', Size: 0 }, ...entries] } });
      }
      const content = pathname === '/api/v1/models/org/iris/repo' ? files[query.get('FilePath') ?? ''] : undefined;
      return content ? answerFile(request, response, content) : refuse(response, 404);
    }),
    address: (origin) => ({ uri: 'modelscope://org/iris:v1', env: { MODELSCOPE_ENDPOINT: origin, MODELSCOPE_API_TOKEN: SECRETS.modelscope } }),
    isData: (request) => request.url?.includes('FilePath=') === true,
  },
  oci: {
    checked: true,
    serve: (files) => {
      const layers = Object.entries(files).map(([path, content], i) => {
        const tar = tarOf({ [`models/${path}`]: content.toString('latin1'), 'etc/passwd': 'not the model' });
        return i % 2 === 0 ? { bytes: gzipSync(tar), mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' } : { bytes: tar, mediaType: 'application/vnd.oci.image.layer.v1.tar' };
      });
      const manifest = JSON.stringify({ schemaVersion: 2, layers: layers.map(({ bytes, mediaType }) => ({ mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length })) });
      const index = JSON.stringify({ schemaVersion: 2, manifests: [
        { digest: `sha256:${'0'.repeat(64)}`, platform: { os: 'windows', architecture: 'amd64' } },
        ...['amd64', 'arm64'].map((architecture) => ({ digest: `sha256:${sha256(manifest)}`, platform: { os: 'linux', architecture } })),
      ] });
      return listen((request, response) => {
        const { pathname, searchParams } = urlOf(request);
        if (pathname === '/token') {
          const isRight = request.headers.authorization === `Basic ${Buffer.from(`ann:${SECRETS.oci}`).toString('base64')}` && searchParams.get('scope') === 'repository:team/iris:pull';
          return isRight ? json(response, { token: 'pull-token', expires_in: 300 }) : refuse(response, 401);
        }
        if (request.headers.authorization !== 'Bearer pull-token') return refuse(response, 401, { 'www-authenticate': `Bearer realm="http://${request.headers.host}/token",service="registry"` });
        if (pathname === '/v2/team/iris/manifests/1.0') return void response.end(index);
        if (pathname === `/v2/team/iris/manifests/sha256:${sha256(manifest)}`) return void response.end(manifest);
        const layer = layers.find(({ bytes }) => pathname === `/v2/team/iris/blobs/sha256:${sha256(bytes)}`);
        return layer ? answerFile(request, response, layer.bytes) : refuse(response, 404);
      });
    },
    address: (origin) => ({ uri: `oci://${new URL(origin).host}/team/iris:1.0`, env: { KSERVE_OCI_INSECURE_REGISTRY: 'true' } }),
    isData: (request) => request.url?.includes('/blobs/') === true,
  },
  azure: {
    checked: true,
    serve: (files) => listen((request, response) => {
      const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
      const own = Object.fromEntries(['x-ms-version', 'if-match', 'range'].flatMap((name) => (request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]])));
      const expected = signSharedKey({ url, headers: own }, 'acct', SECRETS.azure, Date.parse(String(request.headers['x-ms-date'])));
      if (request.headers.authorization !== expected.headers?.['authorization']) return refuse(response, 403);
      if (url.searchParams.get('comp') === 'list') {
        const names = Object.keys(files).sort();
        const at = Number(url.searchParams.get('marker') ?? 0);
        const blobs = names.slice(at, at + 1).map((name) => {
          const content = files[name] ?? Buffer.alloc(0);
          return `<Blob><Name>iris/${name}</Name><Properties><Content-Length>${content.length}</Content-Length><Etag>${createHash('md5').update(content).digest('hex')}</Etag><Content-MD5>${md5(content)}</Content-MD5></Properties></Blob>`;
        });
        return void response.end(`<EnumerationResults><Blobs>${blobs.join('')}</Blobs><NextMarker>${at + 1 < names.length ? at + 1 : ''}</NextMarker></EnumerationResults>`);
      }
      const content = files[decodeURIComponent(url.pathname).replace('/models/iris/', '')];
      return content ? answerFile(request, response, content) : refuse(response, 404);
    }),
    address: (origin) => ({ uri: 'https://acct.blob.core.windows.net/models/iris', env: { AZURE_SERVICE_URL: origin, AZURE_STORAGE_ACCESS_KEY: SECRETS.azure } }),
    isData: (request) => !request.url?.includes('comp=list'),
    expired: { status: 403, body: '<Error><Code>AuthenticationFailed</Code><Message>Signature not valid in the specified time frame</Message></Error>' },
  },
  'azure file': {
    checked: true,
    serve: (files) => fakeShare(Object.fromEntries(Object.entries(files).map(([path, content]) => [`iris/${path}`, content])), { key: SECRETS.azure }),
    address: (origin) => ({ uri: 'https://acct.file.core.windows.net/models/iris', env: { AZURE_SERVICE_URL: origin, AZURE_STORAGE_ACCESS_KEY: SECRETS.azure } }),
    isData: (request) => !request.url?.includes('comp=list'),
    expired: { status: 403, body: '<Error><Code>AuthenticationFailed</Code><Message>Signature not valid in the specified time frame</Message></Error>' },
  },
  webhdfs: {
    checked: false,
    serve: (files) => listen((request, response) => {
      const { pathname, searchParams: query } = urlOf(request);
      const path = decodeURIComponent(pathname).replace(/^\/(webhdfs\/v1|data)\/root\/iris\/?/, '');
      const content = files[path];
      if (pathname.startsWith('/data/') && content) {
        const from = Number(query.get('offset') ?? 0);
        return void response.end(content.subarray(from, from + Number(query.get('length') ?? content.length)));
      }
      if (query.get('delegation') !== SECRETS.webhdfs) return refuse(response, 401);
      if (query.get('op') === 'OPEN') return refuse(response, 307, { location: `http://${request.headers.host}${request.url?.replace('/webhdfs/v1/', '/data/')}` });
      if (query.get('op') === 'GETFILESTATUS') return json(response, { FileStatus: { type: 'DIRECTORY', length: 0, pathSuffix: '' } });
      const below = Object.keys(files).filter((name) => name.startsWith(path === '' ? '' : `${path}/`)).map((name) => name.slice(path === '' ? 0 : path.length + 1));
      const names = [...new Set(below.map((name) => name.split('/')[0] ?? ''))];
      return json(response, { FileStatuses: { FileStatus: names.map((name) => {
        const file = files[path === '' ? name : `${path}/${name}`];
        return { pathSuffix: name, type: file ? 'FILE' : 'DIRECTORY', length: file?.length ?? 0, modificationTime: 5 };
      }) } });
    }),
    address: (origin) => ({ uri: 'webhdfs://iris', env: { HDFS_NAMENODE: origin, HDFS_ROOTPATH: '/root', HDFS_DELEGATION_TOKEN: SECRETS.webhdfs } }),
    isData: (request) => request.url?.startsWith('/data/') === true,
  },
  git: {
    // Not each file: the digest is that of the pack they come in.
    checked: false,
    serve: (files) => fakeGit(commitWith(files), { login: `ann:${SECRETS.git}` }),
    address: (origin) => ({ uri: `${origin}/models.git`, env: { GIT_USERNAME: 'ann', GIT_PASSWORD: SECRETS.git } }),
    isData: (_request, body) => body?.includes('command=fetch') === true,
  },
  http: {
    checked: false,
    serve: (files) => listen((request, response) => answerFile(request, response, files['model.joblib'] ?? Buffer.alloc(0))),
    address: (origin) => ({ uri: `${origin}/model.joblib`, env: {} }),
    isData: (request) => request.headers.range !== 'bytes=0-0',
  },
} satisfies Record<string, FakeStore>;
