import { createHash, randomInt } from 'node:crypto';

/** Letters that Kubernetes makes names of: no vowels, so that no words come out, and nothing that looks alike. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Label value that tells one pod template from another; the same template always gives the same. */
export function templateHash(template: unknown): string {
  const digest = createHash('sha256').update(canonical(template)).digest();
  return [...digest.subarray(0, 10)].map(letter).join('');
}

/** `prefix` with five random letters, as Kubernetes names pods. */
export function randomName(prefix: string): string {
  return `${prefix.slice(0, 57)}-${Array.from({ length: 5 }, () => letter(randomInt(256))).join('')}`;
}

function letter(byte: number): string {
  return LETTERS[byte % LETTERS.length] ?? 'x';
}

/** JSON with sorted keys: a template that only changed the order of its fields is the same template. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v,
  );
}
