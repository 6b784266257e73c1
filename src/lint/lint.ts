import { LintContext, type Beside } from './context';
import { SEVERITIES, docPage, type Finding, type Severity } from './finding';
import type { LintInput } from './lint-object';
import type { Hit, Rule } from './rule';
import { RULES } from './rules';

/** How strict lint is. */
export interface LintOptions extends Beside {
  /** Another severity for some rules, by code; `off` switches one off. */
  readonly rules?: Readonly<Record<string, Severity | 'off'>>;
}

/**
 * Everything that the rules find in a set of manifests, in the order of the manifests. The set is the world: a service
 * is looked at with the runtimes, accounts, secrets, claims and the `inferenceservice-config` beside it.
 *
 * Pure and total: it throws for no manifest, however malformed.
 */
export function lint(inputs: readonly LintInput[], options: LintOptions = {}): readonly Finding[] {
  const context = new LintContext(inputs, options);
  const found: Finding[] = [];
  for (const rule of RULES) {
    const set = options.rules?.[rule.code];
    if (set === 'off' || !rule.check) continue;
    const hits = [...rule.check(context)].filter((hit) => !inputs[hit.on.index]?.isDisabled?.(rule.code, hit.path));
    for (const hit of folded(hits)) found.push(toFinding(rule, hit, set));
  }
  return found.sort((a, b) => a.input - b.input);
}

/** Hits about one thing as one, which says how many there are. */
function folded(hits: readonly Hit[]): readonly Hit[] {
  const counts = new Map<string, number>();
  for (const { about } of hits) if (about !== undefined) counts.set(about, (counts.get(about) ?? 0) + 1);
  const told = new Set<string>();
  return hits.flatMap((hit) => {
    const count = counts.get(hit.about ?? '') ?? 1;
    if (hit.about === undefined || count === 1) return [hit];
    if (told.has(hit.about)) return [];
    told.add(hit.about);
    return [{ ...hit, message: `${hit.message} (named in ${count} places)` }];
  });
}

/** The finding of a rule; what a configuration says of a rule counts for all its findings. */
function toFinding(rule: Rule, hit: Hit, set: Severity | undefined): Finding {
  const { on, path, message, hint } = hit;
  return { code: rule.code, severity: set ?? hit.severity ?? rule.severity, input: on.index, subject: on.subject, path, message, ...(hint ? { hint } : {}), doc: docPage(rule.code) };
}

export function ruleOf(code: string): Rule | undefined {
  return RULES.find((r) => r.code === code);
}

/** Findings by severity. */
export function countFindings(findings: readonly Pick<Finding, 'severity'>[]): Readonly<Record<Severity, number>> {
  return Object.fromEntries(SEVERITIES.map((s) => [s, findings.filter((f) => f.severity === s).length])) as Record<Severity, number>;
}
