import { BlockList, isIP, isIPv6 } from 'node:net';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FindProxy } from './proxy-tunnel';

/**
 * Which proxy an address is asked through: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, else `ALL_PROXY`, unless `NO_PROXY` names
 * its host. Lower-case names count first, as in curl and Python.
 *
 * @returns `undefined` where no proxy is set.
 * @throws IsvcError ISVC_FETCH_CONFIG for a proxy that is no http or https address.
 */
export function proxyFinder(env: NodeJS.ProcessEnv): FindProxy | undefined {
  const value = (name: string): string => (env[name.toLowerCase()] ?? env[name] ?? '').trim();
  const all = parseProxy(value('ALL_PROXY'), 'ALL_PROXY');
  const byScheme: Readonly<Record<string, URL | undefined>> = { 'https:': parseProxy(value('HTTPS_PROXY'), 'HTTPS_PROXY') ?? all, 'http:': parseProxy(value('HTTP_PROXY'), 'HTTP_PROXY') ?? all };
  if (!byScheme['https:'] && !byScheme['http:']) return undefined;
  const exceptions = value('NO_PROXY').split(/[\s,]+/).filter((entry) => entry !== '').map((entry) => entry.toLowerCase());
  return (url) => (exceptions.some((entry) => isException(url, entry)) ? undefined : byScheme[url.protocol]);
}

function parseProxy(text: string, name: string): URL | undefined {
  if (text === '') return undefined;
  const full = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(full) && /^https?:$/.test(new URL(full).protocol)) return new URL(full);
  // Not with the value: it may hold a password.
  throw new IsvcError('ISVC_FETCH_CONFIG', `${name} is not the address of an http or https proxy`, { hint: 'write it as http://HOST:PORT' });
}

/** `*`, a host and what is below it (with or without a dot before), a network such as `10.0.0.0/8`; each may have a port. */
function isException({ hostname, port, protocol }: URL, entry: string): boolean {
  if (entry === '*') return true;
  const host = hostname.replace(/^\[|\]$/g, '');
  const network = /^([0-9a-f.:]+)\/(\d+)$/.exec(entry);
  if (network) return isIn(host, network[1] ?? '', Number(network[2]));
  const [, name = entry, wanted] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  if (wanted !== undefined && wanted !== (port || (protocol === 'https:' ? '443' : '80'))) return false;
  const suffix = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  return host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`));
}

function isIn(host: string, network: string, bits: number): boolean {
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  if (isIP(host) === 0 || isIP(network) === 0 || isIPv6(host) !== isIPv6(network) || bits > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(host, family);
}
