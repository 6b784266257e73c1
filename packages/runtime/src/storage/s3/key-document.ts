import { IsvcError } from 'cdk8s-kserve/api';
import type { IssuedKeys } from './key-source';

/**
 * The JSON in which instance metadata and pod identity hand out keys.
 *
 * @throws IsvcError ISVC_FETCH_DENIED where it holds none.
 */
export function parseKeyDocument(text: string): IssuedKeys {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') {
    throw new IsvcError('ISVC_FETCH_DENIED', 'the answer holds no keys', { hint: 'attach a role to the node or the pod' });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof Token === 'string' ? { sessionToken: Token } : {}),
    ...(typeof Expiration === 'string' ? { expires: Date.parse(Expiration) } : {}),
  };
}
