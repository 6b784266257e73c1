import type { HttpRouteMatch } from './http-route';
import type { RouteRule } from './route-rule';

/** A compiled match with what decides between several that fit. */
export interface CompiledMatch {
  readonly matches: RouteRule['matches'];
  /** Smaller is tried first. The Gateway API's order: exact path, then (its choice is free) expressions, then longer prefixes; then method and headers. */
  readonly rank: readonly number[];
  /** The prefix that a rewrite may replace. */
  readonly prefix: string | undefined;
}

export function compileMatch(match: HttpRouteMatch): CompiledMatch {
  const { type = 'PathPrefix', value = '/' } = match.path ?? {};
  const path = compilePath(type, value);
  const headers = (match.headers ?? []).map((h) => ({ name: h.name.toLowerCase(), test: compileValue(h.type, h.value) }));
  const params = (match.queryParams ?? []).map((p) => ({ name: p.name, test: compileValue(p.type, p.value) }));
  const simple = headers.length === 0 && params.length === 0 && match.method === undefined;
  const rank = [type === 'Exact' ? 0 : type === 'RegularExpression' ? 1 : 2, type === 'PathPrefix' ? -value.length : 0, match.method ? 0 : 1, -headers.length, -params.length];
  const matches: RouteRule['matches'] = (request) => {
    const query = request.path.indexOf('?');
    if (!path(query < 0 ? request.path : request.path.slice(0, query))) return false;
    if (simple) return true;
    if (match.method !== undefined && match.method !== request.method) return false;
    if (!headers.every((h) => request.headers[h.name] !== undefined && h.test(String(request.headers[h.name])))) return false;
    const given = params.length === 0 ? undefined : new URLSearchParams(query < 0 ? '' : request.path.slice(query + 1));
    return params.every((p) => p.test(given?.get(p.name) ?? ''));
  };
  return { matches, rank, prefix: type === 'PathPrefix' ? value : undefined };
}

export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compilePath(type: 'Exact' | 'PathPrefix' | 'RegularExpression', value: string): (path: string) => boolean {
  if (type === 'Exact') return (path) => path === value;
  if (type === 'RegularExpression') {
    const pattern = fullMatch(value);
    return (path) => pattern.test(path);
  }
  // A prefix matches whole path elements: /v1 is no prefix of /v10.
  const prefix = value.replace(/\/+$/, '');
  return prefix === '' ? () => true : (path) => path === prefix || path.startsWith(`${prefix}/`);
}

function compileValue(type: 'Exact' | 'RegularExpression' = 'Exact', value: string): (text: string) => boolean {
  if (type === 'Exact') return (text) => text === value;
  const pattern = fullMatch(value);
  return (text) => pattern.test(text);
}

/** Gateways match the whole path; an expression that JavaScript cannot read matches nothing. */
function fullMatch(expression: string): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`, 'u');
  } catch {
    return /(?!)/;
  }
}
