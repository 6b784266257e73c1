import { IsvcError } from 'cdk8s-kserve/api';

/**
 * The headers for one host, from the variable `<host>-headers` that KServe makes of a secret with the key `https-host`.
 *
 * @returns header by lower-case name.
 * @throws IsvcError ISVC_FETCH_CONFIG
 */
export function secretHeaders(url: URL, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const name = [`${url.hostname}-headers`, `${url.host}-headers`].find((candidate) => env[candidate]);
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
