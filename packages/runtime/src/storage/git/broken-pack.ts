import { IsvcError } from 'cdk8s-kserve/api';

/** What came is a pack by its digest, and makes no sense. */
export function brokenPack(what: string): IsvcError {
  return new IsvcError('ISVC_FETCH_CORRUPT', `git: the pack is broken: ${what}`, { hint: 'fetch again; if it stays so, run git fsck on the server' });
}
