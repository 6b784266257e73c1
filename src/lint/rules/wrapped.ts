import type { ErrorCode } from '../../api';
import type { LintContext } from '../context';
import type { Hit, Rule } from '../rule';

/** A rule whose findings are the problems that validation and render report under its code. */
export function wrapped(code: ErrorCode, parts: Omit<Rule, 'code' | 'severity' | 'check'>): Rule {
  return { code, severity: 'error', ...parts, check: (context) => hitsOf(context).get(code) ?? [] };
}

const found = new WeakMap<LintContext, ReadonlyMap<string, readonly Hit[]>>();

/** Problems by their code, sorted out once for all wrapped rules. */
function hitsOf(context: LintContext): ReadonlyMap<string, readonly Hit[]> {
  const known = found.get(context);
  if (known) return known;
  const hits = new Map<string, Hit[]>();
  for (const { on, problem } of context.problems()) {
    const { path, message, severity, code } = problem;
    const hit: Hit = { on, path, message, hint: problem.hint ?? quoting(message), ...(severity === 'warning' ? { severity } : {}) };
    const list = hits.get(code);
    if (list) list.push(hit);
    else hits.set(code, [hit]);
  }
  found.set(context, hits);
  return hits;
}

/** The commonest wrong type of all: YAML reads a bare 1, true or no as something else than text. */
function quoting(message: string): string | undefined {
  const [, value] = /^must be a string, got (-?[\d.]+|true|false)$/.exec(message) ?? [];
  return value === undefined ? undefined : `put it in quotes: "${value}"`;
}
