import { IsvcError } from 'cdk8s-kserve/api';
import type { GitRef, GitRemote } from './git-remote';

/**
 * The commit that a ref means, by the order that git itself has: a full name, a tag, a branch, a commit.
 *
 * @throws IsvcError ISVC_FETCH_NOT_FOUND
 */
export async function resolveRef(ref: string | undefined, remote: GitRemote): Promise<string> {
  const names = ref === undefined ? ['HEAD'] : [ref, `refs/${ref}`, `refs/tags/${ref}`, `refs/heads/${ref}`];
  const refs = await remote.listRefs(names);
  const found = names.map((name) => refs.find((candidate) => candidate.name === name)).find((candidate): candidate is GitRef => candidate !== undefined);
  const oid = found ? (found.peeled ?? found.oid) : ref;
  if (oid !== undefined && /^[0-9a-f]{40}$/.test(oid)) return oid;
  if (ref === undefined) throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'git: the repository has no default branch with a commit', { hint: 'push a commit, or name a branch with ?ref=' });
  const isShort = /^[0-9a-f]{4,39}$/.test(ref);
  throw new IsvcError('ISVC_FETCH_NOT_FOUND', `git: there is no branch or tag "${ref}"`, { hint: isShort ? 'a commit must be given with all its 40 digits' : 'check ?ref=' });
}
