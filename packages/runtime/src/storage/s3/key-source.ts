import type { AwsKeys } from './sign-v4';

export interface IssuedKeys extends AwsKeys {
  /** Milliseconds since 1970; `undefined` for keys that stay. */
  readonly expires?: number;
}

/** A place that AWS keys come from. */
export interface KeySource {
  /** For messages: `role arn:aws:...`, `access key AKIA...`. */
  readonly identity: string;
  issue(signal: AbortSignal): Promise<IssuedKeys>;
}
