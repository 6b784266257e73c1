import { IsvcError } from 'cdk8s-kserve/api';
import { filterFiles } from '../filters';
import type { FetchSession } from '../session';
import type { Source, SourceFile } from '../source';
import { askText, type StoreAccess } from '../transport/ask';
import { anonymous, headerAuthorizer } from '../transport/authorizer';
import { asArray, asObject, asText, type JsonObject, parseJson } from '../transport/json';
import { openBody } from '../transport/open-body';
import { storeError, type StoreWords } from '../transport/store-error';

/** `hf://owner/model[:revision]`: a snapshot of a repository of the Hugging Face hub, at one commit. */
export const hfSource: Source = {
  schemes: ['hf'],
  async list(uri, session) {
    const { repository, revision } = parseHfUri(uri);
    const token = session.env['HF_TOKEN'] || session.env['HUGGING_FACE_HUB_TOKEN'];
    const access: StoreAccess = {
      client: session.client(),
      authorizer: token ? headerAuthorizer({ authorization: `Bearer ${token.trim()}` }, 'the owner of HF_TOKEN') : anonymous,
      redirects: true,
    };
    const words = wordsOf(uri, repository, revision, access);
    const endpoint = endpointOf(session.env);
    try {
      const info = asObject(parseJson((await askText({ url: new URL(`${endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}`) }, access, session)).text, 'hf'));
      // All files of one commit, whatever is pushed meanwhile.
      const commit = asText(info['sha']) || revision;
      const entries = await listTree(`${endpoint}/api/models/${repository}/tree/${encodeURIComponent(commit)}?recursive=true`, access, session);
      const files = entries.filter((entry) => entry['type'] === 'file').map((entry): SourceFile => {
        const path = asText(entry['path']);
        const lfs = asObject(entry['lfs']);
        const sha256 = asText(lfs['oid']).replace(/^sha256:/, '');
        const request = { url: new URL(`${endpoint}/${repository}/resolve/${encodeURIComponent(commit)}/${path.split('/').map(encodeURIComponent).join('/')}`) };
        return {
          path,
          size: Number(lfs['size'] ?? entry['size']),
          version: sha256 || asText(entry['oid']),
          // Small files of the repository itself may come without ranges.
          ranged: sha256 !== '',
          checksum: sha256 ? { algorithm: 'sha256', digest: sha256 } : undefined,
          open: (range, signal) => openBody(request, range, access, words, signal),
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
export function parseHfUri(uri: string): { readonly repository: string; readonly revision: string } {
  const match = /^hf:\/\/([\w.-]+)\/([\w.-]+)(?::([^:]+))?\/?$/i.exec(uri);
  if (!match) throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address does not name an owner and a model', { path: uri, hint: 'write it as hf://OWNER/MODEL or hf://OWNER/MODEL:REVISION' });
  return { repository: `${match[1]}/${match[2]}`, revision: match[3] ?? 'main' };
}

function endpointOf(env: NodeJS.ProcessEnv): string {
  const text = (env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, '');
  if (URL.canParse(text)) return text;
  throw new IsvcError('ISVC_FETCH_CONFIG', 'HF_ENDPOINT is not an address', { hint: 'write it as https://HOST' });
}

async function listTree(first: string, access: StoreAccess, session: FetchSession): Promise<readonly JsonObject[]> {
  const entries: JsonObject[] = [];
  for (let next: string | undefined = first; next !== undefined; ) {
    const url: URL = new URL(next);
    const { text, response } = await askText({ url }, access, session);
    entries.push(...asArray(parseJson(text, 'hf')).map(asObject));
    const link = /<([^>]+)>;\s*rel="next"/.exec(String(response.headers['link'] ?? ''))?.[1];
    const following: URL | undefined = link === undefined ? undefined : new URL(link, url.href);
    // The token goes along: only to the hub itself.
    next = following?.origin === url.origin && !session.probe ? following.href : undefined;
  }
  return entries;
}

function wordsOf(uri: string, repository: string, revision: string, { authorizer }: StoreAccess): StoreWords {
  return {
    store: 'hf',
    subject: `model ${repository} at ${revision}`,
    uri,
    identity: authorizer.identity,
    deniedHint: authorizer.identity === 'anonymous'
      ? 'add a secret with HF_TOKEN to the service account; a gated model also wants its terms accepted'
      : 'accept the terms of the model with that account, or give the token read access',
    notFoundHint: 'check owner, model and revision; a private model looks missing without HF_TOKEN',
    detail: ({ headers }) => asText(headers['x-error-message']).slice(0, 300) || undefined,
  };
}
