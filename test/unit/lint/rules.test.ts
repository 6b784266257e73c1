import { ERROR_CATALOGUE } from '../../../src/api';
import { RULES, SEVERITIES, docPage, type LintOptions, type Rule } from '../../../src/lint';
import { lintText, lines } from './support';

const checked = RULES.filter((r) => r.check).map((r) => [r.code, r] as const);

const optionsOf = ({ apis, artifacts }: Rule): LintOptions => ({ ...(apis ? { apis } : {}), ...(artifacts ? { artifacts } : {}) });

describe('the rule table', () => {
  it('names each rule once, by a code of one scheme', () => {
    const codes = RULES.map((r) => r.code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((c) => !(c in ERROR_CATALOGUE) && !/^ISVC_LINT_[A-Z_]+$/.test(c))).toEqual([]);
    expect(new Set(codes.map(docPage)).size).toBe(codes.length);
  });

  it('covers every code that validation and render report', () => {
    const codes = new Set(RULES.map((r) => r.code));
    const reported = Object.keys(ERROR_CATALOGUE).filter((c) => /^ISVC_(API|RENDER)_/.test(c));
    expect(reported.filter((c) => !codes.has(c))).toEqual([]);
  });

  it('says of each rule what is right and why', () => {
    for (const rule of RULES) {
      expect(SEVERITIES).toContain(rule.severity);
      expect(rule.title.length).toBeGreaterThan(10);
      expect(rule.why).toMatch(/\.$/);
    }
  });

  it.each(checked)('%s finds its bad example, and nothing else does', (code, rule) => {
    expect([...new Set(lintText(rule.bad, optionsOf(rule)).map((f) => f.code))]).toEqual([code]);
  });

  it.each(checked)('%s has a good example without findings', (_code, rule) => {
    expect(lines(lintText(rule.good, optionsOf(rule)))).toEqual([]);
  });
});
