import type { AccessOwner } from './wanted-access';

/** `unknown` where only the cluster could say; `skipped` where nothing is fetched. */
export type CredentialStatus = 'ok' | 'failed' | 'unknown' | 'skipped';

/** What became of one access. Holds no secret: names of keys and what a store calls somebody, never a value. */
export interface CredentialCheck extends AccessOwner {
  readonly status: CredentialStatus;
  /** Without credentials; empty where nothing is fetched. */
  readonly source: string;
  /** What the pod is given, e.g. `secret store (AWS_ACCESS_KEY_ID)`. */
  readonly credential: string;
  /** Who asked, as the store knows them. */
  readonly identity?: string;
  /** Cause and fix, or why nothing was tried. */
  readonly message?: string;
  readonly code?: string;
}
