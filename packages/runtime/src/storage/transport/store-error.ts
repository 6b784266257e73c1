import { type ErrorCode, IsvcError, messageOf } from 'cdk8s-kserve/api';
import { codeOf, HttpFailure, isTrustFailure } from './failure';

/** How a store speaks of itself in messages. */
export interface StoreWords {
  /** `s3`, `gs`, `hf`. */
  readonly store: string;
  /** What was asked for: `bucket models`, `image models/iris:1`. */
  readonly subject: string;
  /** What the user wrote, without credentials. */
  readonly uri: string;
  readonly identity: string;
  /** What to do where access is denied. */
  readonly deniedHint: string | ((failure: HttpFailure) => string);
  readonly notFoundHint: string;
  /** Refusals that the status alone does not show. @default - 401 and 403 */
  readonly isDenied?: (failure: HttpFailure) => boolean;
  /** What the store itself says about a failure, from its error document; one line. */
  readonly detail?: (failure: HttpFailure) => string | undefined;
}

/** Turns whatever a request ended with into one sentence: cause and fix. */
export function storeError(error: unknown, words: StoreWords): IsvcError {
  if (error instanceof IsvcError) {
    return error.path === undefined ? new IsvcError(error.code, error.message, { path: words.uri, hint: error.hint, cause: error.cause }) : error;
  }
  const fail = (code: ErrorCode, message: string, hint: string): IsvcError => new IsvcError(code, `${words.store}: ${message}`, { path: words.uri, hint, cause: error });
  if (error instanceof HttpFailure) return fail(...explainStatus(error, words));
  if (isTrustFailure(error)) {
    return fail('ISVC_FETCH_UNREACHABLE', `the certificate is not trusted: ${messageOf(error)}`, 'give the CA that signed it as the CA bundle, or correct the host name');
  }
  if (codeOf(error) === 'ENOTFOUND') return fail('ISVC_FETCH_UNREACHABLE', `the host name does not exist: ${messageOf(error)}`, 'check the address, the endpoint and the DNS of the pod');
  return fail('ISVC_FETCH_UNREACHABLE', `no usable answer: ${messageOf(error) || codeOf(error)}`, 'check the endpoint, network policies and proxies between the pod and the store');
}

function explainStatus(failure: HttpFailure, words: StoreWords): readonly [ErrorCode, string, string] {
  const { status } = failure;
  const detail = words.detail?.(failure);
  const said = detail ? ` (${detail})` : '';
  if (status === 401 || status === 403 || words.isDenied?.(failure)) return ['ISVC_FETCH_DENIED', `access denied to ${words.subject} as ${words.identity}${said}`, typeof words.deniedHint === 'string' ? words.deniedHint : words.deniedHint(failure)];
  if (status === 404) return ['ISVC_FETCH_NOT_FOUND', `${words.subject} does not exist${said}`, words.notFoundHint];
  if (status === 412) return ['ISVC_FETCH_CORRUPT', `${words.subject} changed while it was fetched`, 'fetch again'];
  if (status === 429) return ['ISVC_FETCH_UNREACHABLE', `the store allows no more requests for now${said}`, 'start fewer replicas at once, or ask for a higher limit'];
  if (status >= 500) return ['ISVC_FETCH_UNREACHABLE', `the store fails with status ${status}${said}`, 'look at the store; the next start tries again'];
  return ['ISVC_FETCH_IO', `the store refuses the request with status ${status}${said}`, 'check address, region and endpoint'];
}
