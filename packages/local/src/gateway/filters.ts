import type { IncomingHttpHeaders } from 'node:http';
import type { HttpRouteFilter } from './http-route';

/** What a header filter does, with lower-case names. */
export interface HeaderChange {
  readonly set: readonly (readonly [string, string])[];
  readonly add: readonly (readonly [string, string])[];
  readonly remove: readonly string[];
}

export type PathRewrite = (path: string) => string;

type Headers = Record<string, string | readonly string[] | undefined>;

export function compileHeaderChange(filters: readonly HttpRouteFilter[], type: 'requestHeaderModifier' | 'responseHeaderModifier'): HeaderChange | undefined {
  const changes = filters.flatMap((f) => f[type] ?? []);
  if (changes.length === 0) return undefined;
  const pairs = (kind: 'set' | 'add'): readonly (readonly [string, string])[] => changes.flatMap((c) => (c[kind] ?? []).map((h) => [h.name.toLowerCase(), h.value] as const));
  return { set: pairs('set'), add: pairs('add'), remove: changes.flatMap((c) => c.remove ?? []).map((name) => name.toLowerCase()) };
}

export function changeHeaders(headers: Headers | IncomingHttpHeaders, change: HeaderChange): void {
  for (const name of change.remove) delete headers[name];
  for (const [name, value] of change.set) headers[name] = value;
  for (const [name, value] of change.add) {
    const before = headers[name];
    headers[name] = before === undefined ? value : `${Array.isArray(before) ? before.join(', ') : String(before)}, ${value}`;
  }
}

/** The URLRewrite filter's path part. @param prefix the PathPrefix that the rule matched, for `ReplacePrefixMatch`. */
export function compileRewrite(filters: readonly HttpRouteFilter[], prefix: string | undefined): PathRewrite | undefined {
  const rewrite = filters.find((f) => f.urlRewrite?.path)?.urlRewrite?.path;
  if (!rewrite) return undefined;
  if (rewrite.type === 'ReplaceFullPath') return (path) => (rewrite.replaceFullPath ?? '/') + queryOf(path);
  const matched = (prefix ?? '/').replace(/\/$/, '');
  const replacement = (rewrite.replacePrefixMatch ?? '/').replace(/\/$/, '');
  return (path) => {
    const rest = replacement + path.slice(matched.length);
    return rest.startsWith('/') ? rest : `/${rest}`;
  };
}

function queryOf(path: string): string {
  const at = path.indexOf('?');
  return at < 0 ? '' : path.slice(at);
}
