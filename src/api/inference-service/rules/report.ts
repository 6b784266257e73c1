import type { Problem } from '../../problem';

/** Takes one error: where, what with the value given and the values allowed, and the fix. */
export type Report = (path: string, message: string, hint?: string, code?: Problem['code']) => void;

/** A report that collects into a list. */
export function reporter(problems: Problem[]): Report {
  return (path, message, hint, code = 'ISVC_API_INVALID_VALUE') => {
    problems.push({ code, severity: 'error', path, message, ...(hint ? { hint } : {}) });
  };
}
