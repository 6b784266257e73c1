import type { Readable } from 'node:stream';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { askOnce, type StoreAccess } from '../transport/ask';
import type { HttpRequest } from '../transport/http-client';
import { openBody } from '../transport/open-body';
import { retry } from '../transport/retry';
import type { StoreWords } from '../transport/store-error';
import { DELIMITER, FLUSH, PacketReader, pktLine, textOfPacket } from './pkt-line';
import { packBytes } from './pack-bytes';

const PROTOCOL = { 'git-protocol': 'version=2', 'accept-encoding': 'identity' };
const COMMON = ['agent=isvc-runtime', 'object-format=sha1'];

export interface GitRef {
  readonly name: string;
  /** Of a commit or of a tag object. */
  readonly oid: string;
  /** What a tag object is of. */
  readonly peeled: string | undefined;
}

/** A repository that answers by git's smart HTTP protocol, version 2. */
export interface GitRemote {
  /** Where it really is, after redirects; without a slash at its end. */
  readonly base: string;
  /** Refs whose names start so. */
  listRefs(prefixes: readonly string[]): Promise<readonly GitRef[]>;
  /** One commit with all that is in it and nothing before it, as a pack; one attempt. */
  openPack(commit: string, words: StoreWords, signal: AbortSignal): Promise<Readable>;
}

/**
 * Asks a repository whether it speaks what we speak.
 *
 * @throws IsvcError ISVC_FETCH_IO where it does not, and what asking throws.
 */
export async function openRemote(repository: URL, access: StoreAccess, session: FetchSession): Promise<GitRemote> {
  const base = await discover(repository, access, session);
  const commandOf = (command: string, lines: readonly string[]): HttpRequest => ({
    method: 'POST',
    url: new URL(`${base}/git-upload-pack`),
    headers: { ...PROTOCOL, 'content-type': 'application/x-git-upload-pack-request', accept: 'application/x-git-upload-pack-result' },
    body: [`command=${command}`, ...COMMON].map(pktLine).join('') + DELIMITER + lines.map(pktLine).join('') + FLUSH,
  });
  return {
    base,
    listRefs: (prefixes) => retry(async () => {
      const { body } = await askOnce(commandOf('ls-refs', ['peel', 'symrefs', ...prefixes.map((prefix) => `ref-prefix ${prefix}`)]), access, session.signal);
      return (await linesOf(new PacketReader(body))).map(refOf);
    }, { ...session, attempts: session.settings.attempts }),
    openPack: async (commit, words, signal) => packBytes(await openBody(commandOf('fetch', ['ofs-delta', 'no-progress', 'deepen 1', `want ${commit}`, 'done']), undefined, access, words, signal)),
  };
}

async function discover(repository: URL, access: StoreAccess, session: FetchSession): Promise<string> {
  const suffix = '/info/refs?service=git-upload-pack';
  return retry(async () => {
    const { headers, url, body } = await askOnce({ url: new URL(repository.href.replace(/\/+$/, '') + suffix), headers: PROTOCOL }, { ...access, redirects: true }, session.signal);
    const type = String(headers['content-type'] ?? '').split(';')[0];
    if (type !== 'application/x-git-upload-pack-advertisement' || !url.href.endsWith(suffix)) {
      body.destroy();
      throw new IsvcError('ISVC_FETCH_IO', `git: what answers at ${url.host} is no git server: it sends ${type || 'no type'}`, { hint: 'check the address; a log-in page comes where a token is missing' });
    }
    assertVersion2(await linesOf(new PacketReader(body)));
    return url.href.slice(0, -suffix.length);
  }, { ...session, attempts: session.settings.attempts });
}

function assertVersion2(lines: readonly string[]): void {
  const unable = (what: string, hint: string): IsvcError => new IsvcError('ISVC_FETCH_IO', `git: the server ${what}`, { hint });
  if (!lines.includes('version 2')) throw unable('speaks an old protocol only', 'use a server with git 2.18 or later, or an archive address of the commit');
  const fetch = lines.find((line) => /^fetch(=|$)/.test(line)) ?? '';
  if (!/\bshallow\b/.test(fetch)) throw unable('gives whole histories only', 'allow shallow fetches on the server');
  const format = lines.find((line) => line.startsWith('object-format='))?.slice('object-format='.length);
  if (format !== undefined && format !== 'sha1') throw unable(`has a repository of format ${format}`, 'use a repository of format sha1');
}

/** All lines up to the end of the message; the line that some servers put before, with its own end, is passed over. */
async function linesOf(reader: PacketReader): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    for (;;) {
      const packet = await reader.next();
      if (packet === 'end' || (packet === 'flush' && !(lines.length === 1 && lines[0]?.startsWith('# service=')))) return lines;
      if (typeof packet === 'string') continue;
      const text = textOfPacket(packet);
      if (text.startsWith('ERR ')) throw new IsvcError('ISVC_FETCH_IO', `git: the server says: ${text.slice(4, 304)}`, { hint: 'look at the git server' });
      lines.push(text);
    }
  } finally {
    reader.close();
  }
}

function refOf(line: string): GitRef {
  const [oid = '', name = '', ...attributes] = line.split(' ');
  return { oid, name, peeled: attributes.find((attribute) => attribute.startsWith('peeled:'))?.slice('peeled:'.length) };
}
