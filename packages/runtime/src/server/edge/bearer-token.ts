import { createHash, timingSafeEqual } from 'node:crypto';
import { IsvcError } from 'cdk8s-kserve/api';
import type { Log } from '../../process/log';
import { readOptionFile, reloadOrKeep, watchForChange } from './watched-file';

/** Tokens that clients have to show; one a line in the file, so that one can be replaced while the former still works. */
export interface BearerTokens {
  /** @param header the value of `authorization`. */
  accepts(header: string | undefined): boolean;
  close(): void;
}

const RELOAD_MS = 2000;

/**
 * Reads a token file and reads it again when it changes.
 *
 * @throws IsvcError ISVC_SERVER_OPTION for a file that cannot be read or holds no token.
 */
export function openBearerTokens(path: string, log: Log, reloadMs = RELOAD_MS): BearerTokens {
  let digests = digestsOf(path);
  const stop = watchForChange(path, () => reloadOrKeep('bearer tokens', log, () => (digests = digestsOf(path))), reloadMs);
  return {
    accepts: (header) => {
      const given = digestOf(/^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '');
      // Digests have one length, and all of them are compared, so that the time says nothing about a token.
      return digests.reduce((found, digest) => timingSafeEqual(digest, given) || found, false);
    },
    close: stop,
  };
}

function digestsOf(path: string): readonly Buffer[] {
  const tokens = readOptionFile(path, '--bearer_token_file').toString('utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if (tokens.length === 0) throw new IsvcError('ISVC_SERVER_OPTION', 'the file of --bearer_token_file holds no token', { path, hint: 'write one token a line' });
  return tokens.map(digestOf);
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** What a kubelet asks for has no token, and neither has a browser that opens the try-it page, which says nothing of models. */
const PUBLIC: ReadonlySet<string> = new Set(['/', '/v2/health/live', '/v2/health/ready', '/docs']);

export function isPublic(method: string | undefined, path: string): boolean {
  return (method === 'GET' || method === 'HEAD') && PUBLIC.has(path);
}
