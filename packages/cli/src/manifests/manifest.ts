import type { KubeObject } from 'cdk8s-kserve/api';

/** A place in a file, counted from 1 as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One object with the place it came from. */
export interface Manifest {
  readonly object: KubeObject;
  /** Path as the user can open it. */
  readonly file: string;
  /** Where a field stands, by its path (`spec.predictor.model`); the nearest parent when the field is absent. */
  position(fieldPath: string): Position;
}

/** A problem at a place in a file. */
export interface LocatedProblem {
  readonly file: string;
  readonly position: Position;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  /** The object the problem is about, as `Kind namespace/name`. */
  readonly subject?: string;
}
