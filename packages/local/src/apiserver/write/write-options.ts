import type { KubeObject } from 'cdk8s-kserve/api';
import type { WriterId } from '../ssa/managed-fields';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';
export type WriteSubresource = '' | 'status' | 'scale';

export interface WriteOptions {
  /** Do everything but the write. */
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  readonly writer: WriterId;
  readonly subresource: WriteSubresource;
}

/** A write that passed: what is now stored, and what the client should be warned of. */
export interface Written {
  readonly object: KubeObject;
  readonly created: boolean;
  /** Paths that were dropped because the schema does not know them. */
  readonly unknownFields: readonly string[];
}
