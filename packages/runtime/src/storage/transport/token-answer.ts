import { IsvcError } from 'cdk8s-kserve/api';
import type { Token } from './authorizer';
import { asObject, asText, parseJson } from './json';

/**
 * The token of an OAuth answer.
 *
 * @throws IsvcError ISVC_FETCH_DENIED where it holds none.
 */
export function parseTokenAnswer(text: string, store: string, now: number): Token {
  const answer = asObject(parseJson(text, store));
  const value = asText(answer['access_token']) || asText(answer['token']);
  if (value === '') throw new IsvcError('ISVC_FETCH_DENIED', `${store}: the answer holds no token`, { hint: 'check the credentials' });
  const seconds = Number(answer['expires_in'] ?? 300);
  return { value, expires: now + (Number.isFinite(seconds) ? seconds : 300) * 1000 };
}
