import { compareRanks } from './compile-match';
import type { RouteRule } from './route-rule';

export interface RankedRule extends RouteRule {
  readonly rank: readonly number[];
}

/** Which rules a host has. Built once per change of any route, looked up for every request. */
export class RouteTable {
  private readonly exact = new Map<string, RankedRule[]>();
  /** Suffix with its leading dot, longest first. */
  private wildcards: (readonly [string, RankedRule[]])[] = [];
  private fallback: RankedRule[] = [];

  /** Adds rules under a host: a name, `*.suffix`, or `*` for any. Rules added first win among equals. */
  add(host: string, rules: readonly RankedRule[]): void {
    const list = this.listOf(host.toLowerCase());
    list.push(...rules);
    list.sort((a, b) => compareRanks(a.rank, b.rank));
  }

  /** The hosts that something is served under, for messages. */
  get hosts(): readonly string[] {
    return [...this.exact.keys(), ...this.wildcards.map(([suffix]) => `*${suffix}`)].sort();
  }

  has(host: string): boolean {
    return this.exact.has(host);
  }

  /** The rule for a request; `no-host` when nothing has the host, `no-rule` when the host has no rule for the path. */
  find(host: string, request: Parameters<RouteRule['matches']>[0]): RouteRule | 'no-host' | 'no-rule' {
    const rules = this.exact.get(host) ?? this.wildcards.find(([suffix]) => host.endsWith(suffix))?.[1] ?? this.fallback;
    for (const rule of rules) if (rule.matches(request)) return rule;
    return rules.length === 0 ? 'no-host' : 'no-rule';
  }

  private listOf(host: string): RankedRule[] {
    if (host === '*') return this.fallback;
    if (host.startsWith('*.')) {
      const suffix = host.slice(1);
      const known = this.wildcards.find(([s]) => s === suffix);
      if (known) return known[1];
      const list: RankedRule[] = [];
      this.wildcards = [...this.wildcards, [suffix, list] as const].sort((a, b) => b[0].length - a[0].length);
      return list;
    }
    const list = this.exact.get(host) ?? [];
    this.exact.set(host, list);
    return list;
  }
}

/** Host of a Host header: without the port, lower case. */
export function hostOf(header: string | undefined): string {
  if (header === undefined) return '';
  const bracket = header.indexOf(']');
  const colon = header.indexOf(':', bracket + 1);
  return (colon < 0 ? header : header.slice(0, colon)).toLowerCase();
}
