import { IsvcError } from 'cdk8s-kserve/api';
import { filterFiles } from '../filters';
import type { FetchSession } from '../session';
import type { Source, SourceFile } from '../source';
import { askText, type StoreAccess } from '../transport/ask';
import { anonymous, headerAuthorizer } from '../transport/authorizer';
import { asArray, asObject, asText, fieldOf, type JsonObject, parseJson } from '../transport/json';
import { openBody } from '../transport/open-body';
import { storeError, type StoreWords } from '../transport/store-error';

/** The hub cuts every listing here, without saying so. */
const MOST_ENTRIES = 3000;
const ADDRESS = /^modelscope:\/\/([\w.-]+)\/([\w.-]+)(?::([^:]+))?\/?$/i;
const SHA256 = /^[0-9a-f]{64}$/i;

/** `modelscope://owner/model[:revision]`: the files of a repository of the ModelScope hub. */
export const modelscopeSource: Source = {
  schemes: ['modelscope'],
  async list(uri, session) {
    const { repository, revision } = parseModelscopeUri(uri);
    const token = session.env['MODELSCOPE_API_TOKEN']?.trim();
    // Older parts of the hub read the cookie, newer ones the header.
    const login = { authorization: `Bearer ${token}`, cookie: `m_session_id=${token}` };
    const access: StoreAccess = { client: session.client(), authorizer: token ? headerAuthorizer(login, 'the owner of MODELSCOPE_API_TOKEN') : anonymous, redirects: true };
    const words = wordsOf(uri, repository, revision, access);
    const base = `${endpointOf(session.env)}/api/v1/models/${repository}/repo`;
    try {
      const files = (await listFiles(base, revision, undefined, access, session)).map((entry): SourceFile => {
        const path = asText(entry['Path']);
        const sha256 = asText(entry['Sha256']);
        const url = new URL(`${base}?${new URLSearchParams({ Revision: revision, FilePath: path }).toString()}`);
        return {
          path,
          size: Number(entry['Size'] ?? 0),
          version: sha256 || asText(entry['Revision']),
          ranged: true,
          checksum: SHA256.test(sha256) ? { algorithm: 'sha256', digest: sha256.toLowerCase() } : undefined,
          open: (range, signal) => openBody({ url }, range, access, words, signal),
        };
      });
      return { files: filterFiles(files, session.env, uri), identity: words.identity };
    } catch (error) {
      session.signal.throwIfAborted();
      throw storeError(error, words);
    }
  },
};

/** @throws IsvcError ISVC_FETCH_NOT_FOUND where owner or model is missing. */
export function parseModelscopeUri(uri: string): { readonly repository: string; readonly revision: string } {
  const [, owner, model, revision = 'master'] = ADDRESS.exec(uri) ?? [];
  if (owner === undefined || model === undefined) throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address does not name an owner and a model', { path: uri, hint: 'write it as modelscope://OWNER/MODEL or modelscope://OWNER/MODEL:REVISION' });
  return { repository: `${owner}/${model}`, revision };
}

function endpointOf(env: NodeJS.ProcessEnv): string {
  const text = (env['MODELSCOPE_ENDPOINT'] || 'https://modelscope.cn').replace(/\/+$/, '');
  if (URL.canParse(text)) return text;
  throw new IsvcError('ISVC_FETCH_CONFIG', 'MODELSCOPE_ENDPOINT is not an address', { hint: 'write it as https://HOST' });
}

/** Everything below a folder; folder by folder where there is too much for one answer. */
async function listFiles(base: string, revision: string, root: string | undefined, access: StoreAccess, session: FetchSession): Promise<readonly JsonObject[]> {
  const all = await listOnce(base, { revision, root, recursive: true }, access, session);
  const isFile = (entry: JsonObject): boolean => entry['Type'] !== 'tree';
  if (all.length < MOST_ENTRIES || session.probe) return all.filter(isFile);
  const direct = await listOnce(base, { revision, root, recursive: false }, access, session);
  if (direct.length >= MOST_ENTRIES) {
    throw new IsvcError('ISVC_FETCH_IO', `modelscope: the folder "${root ?? '/'}" holds ${MOST_ENTRIES} entries or more, of which the hub lists no more`, { hint: 'spread the files over folders' });
  }
  const files = direct.filter(isFile);
  for (const folder of direct.filter((entry) => !isFile(entry))) files.push(...(await listFiles(base, revision, asText(folder['Path']), access, session)));
  return files;
}

interface Wanted {
  readonly revision: string;
  readonly root: string | undefined;
  readonly recursive: boolean;
}

async function listOnce(base: string, { revision, root, recursive }: Wanted, access: StoreAccess, session: FetchSession): Promise<readonly JsonObject[]> {
  const query = new URLSearchParams({ Revision: revision, Recursive: recursive ? 'True' : 'False', ...(root === undefined ? {} : { Root: root }) });
  const answer = asObject(parseJson((await askText({ url: new URL(`${base}/files?${query.toString()}`) }, access, session)).text, 'modelscope'));
  if (answer['Success'] === false) throw new IsvcError('ISVC_FETCH_NOT_FOUND', `modelscope: ${asText(answer['Message']).slice(0, 300) || 'the hub gives no list of files'}`, { hint: HINT });
  return asArray(asObject(answer['Data'])['Files']).map(asObject);
}

const HINT = 'check owner, model and revision; a private model looks missing without MODELSCOPE_API_TOKEN';

function wordsOf(uri: string, repository: string, revision: string, { authorizer }: StoreAccess): StoreWords {
  return {
    store: 'modelscope',
    subject: `model ${repository} at ${revision}`,
    uri,
    identity: authorizer.identity,
    deniedHint: authorizer.identity === 'anonymous' ? 'add a secret with MODELSCOPE_API_TOKEN to the service account' : 'give the owner of the token access to the model',
    notFoundHint: HINT,
    detail: ({ body }) => fieldOf(body, 'Message'),
  };
}
