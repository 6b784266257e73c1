import type { IsvcError, Problem } from '../api';

/** An error of rendering as a problem of the resource. */
export function toProblem(error: IsvcError): Problem {
  return { code: error.code, severity: 'error', path: error.path ?? 'spec', message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
}
