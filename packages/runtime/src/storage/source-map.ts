import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { joinInside } from './join-inside';

/** Local folder by URI prefix. */
export type SourceMap = ReadonlyMap<string, string>;

/**
 * Reads `ISVC_SOURCE_MAP`, by which local mode says that `s3://models` is a folder of this laptop.
 *
 * @param text a JSON object such as `{"s3://models": "/home/me/models"}`, or nothing.
 * @throws IsvcError ISVC_FETCH_CONFIG for anything else.
 */
export function parseSourceMap(text: string | undefined): SourceMap {
  if (!text) return new Map();
  const fail = (problem: string, cause?: unknown): IsvcError =>
    new IsvcError('ISVC_FETCH_CONFIG', `ISVC_SOURCE_MAP ${problem}`, { hint: 'write it as {"s3://models": "/folder"}', cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail(`is not JSON: ${messageOf(error)}`, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail('must be a JSON object');
  for (const [prefix, folder] of Object.entries(value)) {
    if (prefix === '' || typeof folder !== 'string' || folder === '') throw fail(`must map prefixes to folders, but "${prefix}" does not`);
  }
  return new Map(Object.entries(value as Record<string, string>));
}

/**
 * The folder or file a mapped address stands for; the longest prefix wins, and a prefix ends at a `/` or at the end.
 *
 * @returns `undefined` where no prefix matches.
 */
export function mappedFolder(uri: string, map: SourceMap): string | undefined {
  let best: { readonly folder: string; readonly length: number } | undefined;
  for (const [key, folder] of map) {
    const prefix = key.replace(/(?<!:\/|\/)\/+$/, '');
    const matches = uri === prefix || (uri.startsWith(prefix) && (prefix.endsWith('/') || uri[prefix.length] === '/'));
    if (matches && (!best || prefix.length > best.length)) best = { folder, length: prefix.length };
  }
  return best && joinInside(best.folder, uri.slice(best.length), uri);
}
