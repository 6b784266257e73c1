import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { unpackSingleArchive } from '../archive/unpack';
import { filterFiles } from '../filters';
import type { Source, SourceFile } from '../source';
import { mappedFolder, parseSourceMap } from '../source-map';
import { askText, type StoreAccess } from '../transport/ask';
import { headerAuthorizer } from '../transport/authorizer';
import { asArray, asObject, asText, fieldOf, type JsonObject, parseJson } from '../transport/json';
import { openBody } from '../transport/open-body';
import { storeError } from '../transport/store-error';

const SECRET_FOLDER = '/var/secrets/kserve-hdfscreds';

/** `hdfs://path` and `webhdfs://path`: a folder or file below `HDFS_ROOTPATH` of the cluster at `HDFS_NAMENODE`, by WebHDFS. */
export const webhdfsSource: Source = {
  schemes: ['hdfs', 'webhdfs'],
  async list(uri, session) {
    const value = secretValues(session.env);
    const headers = headersOf(value('HEADERS'));
    const access: StoreAccess = { client: session.client(), authorizer: headerAuthorizer(headers, value('HDFS_USER') || 'the default user'), redirects: true };
    const words = {
      store: 'hdfs', subject: 'the path', uri, identity: access.authorizer.identity, deniedHint: 'give that user read access, or set HDFS_USER or a delegation token', notFoundHint: 'check path and HDFS_ROOTPATH',
      detail: ({ body }: { body: string }) => fieldOf(body, 'message'),
    };
    const base = namenodeOf(value, uri);
    const root = `${(value('HDFS_ROOTPATH') || '/').replace(/\/+$/, '')}/${uri.slice(uri.indexOf('://') + 3).replace(/^\/+|\/+$/g, '')}`;
    const urlOf = (path: string, query: Readonly<Record<string, string>>): URL => {
      const url = new URL(`/webhdfs/v1${path.split('/').map(encodeURIComponent).join('/')}`, base);
      url.search = new URLSearchParams({ ...query, ...identityQuery(value) }).toString();
      return url;
    };
    const ask = async (path: string, op: string): Promise<JsonObject> => asObject(parseJson((await askText({ url: urlOf(path, { op }) }, access, session)).text, 'hdfs'));
    try {
      const top = asObject((await ask(root, 'GETFILESTATUS'))['FileStatus']);
      const found = top['type'] === 'FILE' ? [{ path: root.split('/').at(-1) ?? '', at: root, status: top }] : await walk(root, '', ask);
      const files = found.map(({ path, at, status }): SourceFile => ({
        path,
        size: Number(status['length'] ?? 0),
        version: `${String(status['length'])}-${String(status['modificationTime'])}`,
        ranged: true,
        open: (range, signal) => openBody({ url: urlOf(at, { op: 'OPEN', ...(range ? { offset: String(range.start), length: String(range.end - range.start) } : {}) }) }, undefined, access, words, signal),
      }));
      return { files: filterFiles(files, session.env, uri), finish: unpackSingleArchive, identity: words.identity };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

interface Found {
  readonly path: string;
  readonly at: string;
  readonly status: JsonObject;
}

async function walk(folder: string, prefix: string, ask: (path: string, op: string) => Promise<JsonObject>): Promise<Found[]> {
  const statuses = asArray(asObject((await ask(folder, 'LISTSTATUS'))['FileStatuses'])['FileStatus']).map(asObject);
  const found: Found[] = [];
  for (const status of statuses) {
    const name = asText(status['pathSuffix']);
    if (status['type'] === 'DIRECTORY') found.push(...(await walk(`${folder}/${name}`, `${prefix}${name}/`, ask)));
    else found.push({ path: prefix + name, at: `${folder}/${name}`, status });
  }
  return found;
}

/** KServe mounts the secret as files; a storage secret gives the same names in the environment. */
function secretValues(env: NodeJS.ProcessEnv): (name: string) => string {
  const folder = env['HDFS_SECRET_DIR'] || (mappedFolder(SECRET_FOLDER, parseSourceMap(env['ISVC_SOURCE_MAP'])) ?? SECRET_FOLDER);
  return (name) => {
    if (env[name]) return env[name];
    try {
      return readFileSync(join(folder, name), 'utf8').trim();
    } catch {
      return '';
    }
  };
}

function namenodeOf(value: (name: string) => string, uri: string): URL {
  const text = (value('HDFS_NAMENODE').split(';')[0] ?? '').trim();
  const fail = (message: string, hint: string): IsvcError => new IsvcError('ISVC_FETCH_CONFIG', message, { path: uri, hint });
  if (text === '') throw fail('HDFS_NAMENODE is not set', 'add a secret with HDFS_NAMENODE, such as https://namenode:9871, to the service account');
  if (value('KERBEROS_PRINCIPAL')) throw fail('Kerberos is not supported by this version', 'use a delegation token in HDFS_DELEGATION_TOKEN');
  const full = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(full)) throw fail('HDFS_NAMENODE is not an address', 'write it as https://HOST:PORT');
  return new URL(full);
}

function identityQuery(value: (name: string) => string): Record<string, string> {
  const [user, token, proxy] = [value('HDFS_USER'), value('HDFS_DELEGATION_TOKEN'), value('USER_PROXY')];
  return { ...(token ? { delegation: token } : user ? { 'user.name': user } : {}), ...(proxy ? { doas: proxy } : {}) };
}

function headersOf(text: string): Readonly<Record<string, string>> {
  if (text === '') return {};
  try {
    return Object.fromEntries(Object.entries(asObject(JSON.parse(text))).map(([name, header]) => [name.toLowerCase(), asText(header)]));
  } catch {
    throw new IsvcError('ISVC_FETCH_CONFIG', 'HEADERS of the HDFS secret is not a JSON object', { hint: 'write it as {"X-Name": "value"}' });
  }
}
