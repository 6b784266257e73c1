import { IsvcError } from 'cdk8s-kserve/api';
import { redactUri } from '../transport/redact';

export interface GitAddress {
  /** Of the repository, up to and with `.git`, without user and query. */
  readonly repository: URL;
  /** A branch, a tag, a full name such as `refs/pull/7/head`, or a commit of 40 digits. @default - the default branch */
  readonly ref: string | undefined;
  /** Folder or file inside, without slashes at its ends; empty for all. */
  readonly path: string;
  /** The user in the address. A password there is ignored, as in KServe. */
  readonly user: string;
  readonly hasPassword: boolean;
}

const ADDRESS = /^(https?:\/\/[^?#]*?\.git)(?:\/+([^?#]*))?(?:\?([^#]*))?$/i;

export function isGitAddress(uri: string): boolean {
  return ADDRESS.test(uri);
}

/**
 * `https://host/team/models.git`, with `//path/in/it` and `?ref=name` behind it where not all of the default branch is meant.
 *
 * @throws IsvcError ISVC_FETCH_NOT_FOUND for what is no such address, ISVC_FETCH_UNSAFE for a path with `..`.
 */
export function parseGitUri(uri: string): GitAddress {
  const [, base = '', path = '', query = ''] = ADDRESS.exec(uri) ?? [];
  const fail = (code: 'ISVC_FETCH_NOT_FOUND' | 'ISVC_FETCH_UNSAFE', message: string): IsvcError =>
    new IsvcError(code, message, { path: redactUri(uri), hint: 'write it as https://HOST/REPOSITORY.git, https://HOST/REPOSITORY.git?ref=REF or https://HOST/REPOSITORY.git//PATH?ref=REF' });
  if (!URL.canParse(base)) throw fail('ISVC_FETCH_NOT_FOUND', 'the address is not that of a repository');
  const parameters = new URLSearchParams(query);
  const unknown = [...parameters.keys()].find((name) => name !== 'ref');
  if (unknown !== undefined) throw fail('ISVC_FETCH_NOT_FOUND', `the parameter "${unknown}" is unknown`);
  const ref = parameters.get('ref') || undefined;
  if (ref !== undefined && /[\s~^:?*[\\\0]|\.\.|^-/.test(ref)) throw fail('ISVC_FETCH_NOT_FOUND', `"${ref}" is no name of a branch, tag or commit`);
  const parts = decodeURIComponent(path).split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw fail('ISVC_FETCH_UNSAFE', 'the path leads out of the repository with ".."');
  const repository = new URL(base);
  const { username, password } = repository;
  repository.username = '';
  repository.password = '';
  return { repository, ref, path: parts.join('/'), user: decodeURIComponent(username), hasPassword: password !== '' };
}
