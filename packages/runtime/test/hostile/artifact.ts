import type { ErrorCode } from 'cdk8s-kserve/api';
import type { FamilyCase } from '../support/sklearn-families';

/** A whole number from 0 to below the given one. */
export type Random = (below: number) => number;

/** A generated model file, or a folder of MLflow's. */
export interface Artifact {
  /** Its extension decides which format reads it; of a folder the name of the fixture whose model file lies in it. */
  readonly name: string;
  /** Content of the model file, or of the `MLmodel` of a folder. */
  readonly bytes: Buffer;
  /** Shown where something goes wrong. */
  readonly label: string;
  /** The only codes it may be refused with; it must not load then. @default - any ISVC_MODEL_*, or it loads */
  readonly refused?: readonly ErrorCode[];
  /** Rows the model is asked about where it loads. @default - three rows, one of them of NaN */
  readonly rows?: FamilyCase['rows'];
}

/** One kind of hostile artifacts. */
export interface HostileSource {
  readonly name: string;
  /** What it makes, for the table in docs/reference/model-formats.md. */
  readonly makes: string;
  /** How many of 12,000 artifacts. */
  readonly share: number;
  /** Artifacts are read through the loader of folders. @default false */
  readonly folders?: boolean;
  /** The artifact of this number; the same one for the same random numbers. */
  make(random: Random, index: number): Artifact;
}

/** Any refusal will do, but a model must not come of it. */
export const REFUSED: readonly ErrorCode[] = ['ISVC_MODEL_CORRUPT', 'ISVC_MODEL_FORBIDDEN', 'ISVC_MODEL_NOT_FOUND', 'ISVC_MODEL_UNSUPPORTED'];

export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)] as T;
}
