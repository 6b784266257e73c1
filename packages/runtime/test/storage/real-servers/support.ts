import { systemClock } from '../../../src/storage/transport/clock';
import { someBytes } from '../support/bytes';

/** Signatures carry the time, so it must be the real one. */
export const REAL = { clock: systemClock };

// ASCII: the request signer of the tests takes text.
export const LARGE = Buffer.from(someBytes(300_000).map((byte) => 32 + (byte % 95)));

/** A model whose names stores and addresses have trouble with: all that addresses give a meaning to. */
export const FILES: Readonly<Record<string, Buffer>> = {
  'model.joblib': LARGE,
  'meta/a b+(1)é.json': Buffer.from('{}'),
  'meta/100%25 *!\'&=#?;:@,$.txt': Buffer.from('odd'),
  'empty.bin': Buffer.alloc(0),
};
export const EXPECTED = textOf(FILES);

export function textOf(files: Readonly<Record<string, Buffer>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, content.toString('latin1')]).sort());
}

/** More files than one page of any listing holds, each with its own content. */
export const MANY: Readonly<Record<string, Buffer>> = Object.fromEntries(Array.from({ length: 1_100 }, (_, i) => [`part-${i}`, Buffer.from(`content ${i}`)]));

/** A path with each part encoded as signatures want it. */
export function encoded(path: string): string {
  return path.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)).join('/');
}

/** Sends something to a store. @throws Error where it does not take it. */
export async function upload(url: URL, method: string, body: Buffer | undefined, headers: Readonly<Record<string, string>>): Promise<Response> {
  const answer = await fetch(url, { method, headers, ...(body ? { body: new Uint8Array(body) } : {}) });
  if (answer.ok) return answer;
  throw new Error(`${method} ${url.pathname}: ${answer.status} ${await answer.text()}`);
}
