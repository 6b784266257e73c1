import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fetched, type FetchOptions, fetchModel } from '../../../src/storage/fetch-model';
import { tempFolder } from '../../support/temp-folder';
import { fakeClock } from './fake-clock';

/** Parts are small, waits take no time; a store that a busy machine keeps waiting has not stalled. */
export const QUICK = { ISVC_FETCH_STALL_SECONDS: '60', ISVC_FETCH_PART_MIB: '0.0625' };
/** For what is meant to stall. */
export const SOON_STALLED = { ISVC_FETCH_STALL_SECONDS: '0.3' };

/** Fetches into a folder, with settings that suit a test. */
export function fetchInto(target: string, source: string, env: Readonly<Record<string, string>> = {}, options: Partial<FetchOptions> = {}): Promise<Fetched> {
  return fetchModel(source, target, { env: { ...QUICK, ...env }, signal: new AbortController().signal, clock: fakeClock(), ...options });
}

/** What a target holds, content by path, without the marker. */
export function contentOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== '.isvc-fetched').map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'latin1')]).sort());
}

/** A new folder with what a source has. */
export async function fetched(source: string, env: Readonly<Record<string, string>> = {}, options: Partial<FetchOptions> = {}): Promise<Record<string, string>> {
  const target = tempFolder();
  await fetchInto(target, source, env, options);
  return contentOf(target);
}

/** What went wrong, as the user reads it; fails where nothing did. */
export async function failureOf(fetching: Promise<unknown>): Promise<{ readonly code: string; readonly line: string }> {
  const error = await fetching.then(() => undefined, (e: unknown) => e as { code: string; toLine?: () => string });
  if (error === undefined) throw new Error('the fetch was expected to fail');
  return { code: error.code, line: error.toLine?.() ?? String(error) };
}
