import { relative } from 'node:path';
import type { Colors } from 'picocolors/types';
import type { LocatedProblem } from '../manifests/manifest';

/** `file:line:column: error: message; fix [CODE]`, the form that editors and CI turn into links. */
export function problemText(problem: LocatedProblem, colors: Colors, cwd = process.cwd()): string {
  const { file, position, severity, message, hint, code } = problem;
  const short = relative(cwd, file);
  const place = `${short.startsWith('..') ? file : short}:${position.line}:${position.column}`;
  const label = severity === 'error' ? colors.red('error') : colors.yellow('warning');
  return `${colors.bold(place)}: ${label}: ${message}${hint ? `; ${hint}` : ''} ${colors.dim(`[${code}]`)}`;
}
