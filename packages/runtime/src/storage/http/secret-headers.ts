import { IsvcError } from 'cdk8s-kserve/api';

const HOST = /^HTTPS_HOST(_\d+)?$/;

/**
 * The headers for one host, out of a secret with the keys `https-host` and `headers`: from the variables `HTTPS_HOST` and
 * `HTTPS_HEADERS` (`HTTPS_HOST_2` and `HTTPS_HEADERS_2` for a second secret, and so on), which our renderer makes of it,
 * or from `<host>-headers`, which KServe makes of it.
 *
 * @returns header by lower-case name.
 * @throws IsvcError ISVC_FETCH_CONFIG
 */
export function secretHeaders(url: URL, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const name = variableFor(url, env);
  if (name === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(env[name] ?? '');
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((v) => typeof v === 'string' && !/[\r\n]/.test(v))) {
    return Object.fromEntries(Object.entries(value as Record<string, string>).map(([header, text]) => [header.toLowerCase(), text]));
  }
  throw new IsvcError('ISVC_FETCH_CONFIG', `${name} must be a JSON object of header to text`, { hint: 'correct the key "headers" of the secret, such as {"Authorization": "Bearer ..."}' });
}

function variableFor({ hostname, host }: URL, env: NodeJS.ProcessEnv): string | undefined {
  const ours = Object.keys(env).filter((name) => HOST.test(name) && [hostname, host].includes(env[name]?.trim().toLowerCase() ?? '')).sort();
  return [...ours.map((name) => name.replace('HOST', 'HEADERS')), `${hostname}-headers`, `${host}-headers`].find((name) => env[name]);
}
