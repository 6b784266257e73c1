import { IsvcError } from 'cdk8s-kserve/api';
import type { Secrets } from './secrets';

/** The same error without the secrets that a store may have repeated in its answer. */
export function covered(error: IsvcError, secrets: Secrets): IsvcError {
  const { code, message, path, hint, cause } = error;
  const cover = (text: string | undefined): string | undefined => (text === undefined ? undefined : secrets.cover(text));
  const safe = secrets.cover(message);
  if (safe === message && cover(path) === path && cover(hint) === hint) return error;
  return new IsvcError(code, safe, { path: cover(path), hint: cover(hint), cause });
}
