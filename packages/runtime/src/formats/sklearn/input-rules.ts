import type { InputRule } from './estimator';

/** What passes the checks of all. */
export function strictestOf(rules: readonly InputRule[]): InputRule {
  return {
    precision: rules.some((rule) => rule.precision === 'single') ? 'single' : 'double',
    allowsNaN: rules.every((rule) => rule.allowsNaN),
    allowsInfinity: rules.every((rule) => rule.allowsInfinity),
    allowsText: rules.every((rule) => rule.allowsText),
  };
}
