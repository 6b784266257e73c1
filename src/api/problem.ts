import type { ErrorCode } from './errors/catalogue';

/** Something wrong in a resource. Validation returns these, all at once, and never throws. */
export interface Problem {
  readonly code: ErrorCode;
  readonly severity: 'error' | 'warning';
  /** Field path from the object's root, e.g. `spec.predictor.model.storageUri`. */
  readonly path: string;
  /** What is wrong, with the value given and the values allowed; no final stop. */
  readonly message: string;
  /** The fix, when there is one to name. */
  readonly hint?: string;
}

/** `path: message; hint`: the whole problem on one line. */
export function problemLine(problem: Problem): string {
  return `${problem.path}: ${problem.message}${problem.hint ? `; ${problem.hint}` : ''}`;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((p) => p.severity === 'error');
}
