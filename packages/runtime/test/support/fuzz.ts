import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { changeBytes, changeDigit, copyPiece, flipBit, randomOf } from './damage';

/** The seed of tests; another by ISVC_FUZZ_SEED. */
export const FUZZ_SEED = Number(process.env['ISVC_FUZZ_SEED'] ?? 20261121);

export type Random = ReturnType<typeof randomOf>;

/** Of one case: the same whatever cases were before it. */
export function seededCase(seed: number, what: string, number: number): Random {
  let hash = seed | 0;
  for (const part of [...Buffer.from(what), number]) {
    hash = Math.imul(hash ^ part, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return randomOf(hash >>> 0);
}

/** A damaged copy: bytes, bits, digits or pieces changed, the end cut off, something put behind or doubled. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let damaged: Buffer = Buffer.from(bytes);
  for (let hits = random(3); hits >= 0; hits--) {
    if (damaged.length === 0) break;
    const kind = random(7);
    if (kind === 0) damaged = changeBytes(damaged, random(2), random);
    else if (kind === 1) damaged = flipBit(damaged, random);
    else if (kind === 2) damaged = changeDigit(damaged, random);
    else if (kind === 3) damaged = copyPiece(damaged, random);
    else if (kind === 4) damaged = damaged.subarray(0, random(damaged.length));
    else if (kind === 5) damaged = Buffer.concat([damaged, Buffer.from(Array.from({ length: random(20) }, () => random(256)))]);
    else damaged = Buffer.concat([damaged.subarray(0, random(damaged.length)), damaged.subarray(random(damaged.length))]);
  }
  return damaged;
}

export function oneOf<T>(values: readonly T[], random: Random): T {
  return values[random(values.length)] as T;
}

/** Bytes of the heap that are in use once what nobody needs is gone. */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}
