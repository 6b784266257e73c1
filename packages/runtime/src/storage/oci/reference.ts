import { IsvcError } from 'cdk8s-kserve/api';

export interface ImageReference {
  /** As in the address; `docker.io` where none is named, as image references have it. */
  readonly registry: string;
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

/** @throws IsvcError ISVC_FETCH_NOT_FOUND for what is no image reference. */
export function parseOciUri(uri: string): ImageReference {
  const text = uri.replace(/^oci(\+fetch)?:\/\//i, '');
  const match = /^([^@]+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(text);
  const name = match?.[1] ?? '';
  const [first = '', ...rest] = name.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = hasRegistry ? rest.join('/') : rest.length === 0 ? `library/${name}` : name;
  if (!match || !/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(repository)) {
    throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address is no image reference', { path: uri, hint: 'write it as oci://REGISTRY/REPOSITORY:TAG or ...@sha256:DIGEST' });
  }
  return { registry: hasRegistry ? first : 'docker.io', repository, reference: match[3] ?? match[2] ?? 'latest' };
}
