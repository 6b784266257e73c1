import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { crc32c } from './crc32c';
import { crc64nvme } from './crc64nvme';

export const CHECKSUM_ALGORITHMS = ['md5', 'sha1', 'sha256', 'crc32', 'crc32c', 'crc64nvme'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Lower-case hexadecimal. */
  readonly digest: string;
}

/** A digest that grows with the bytes it is shown, in their order. */
export interface Digest {
  update(bytes: Buffer): void;
  hex(): string;
}

export function digestOf(algorithm: ChecksumAlgorithm): Digest {
  if (algorithm === 'crc32' || algorithm === 'crc32c') {
    const step = algorithm === 'crc32' ? crc32 : crc32c;
    let value = 0;
    return { update: (bytes) => void (value = step(bytes, value)), hex: () => (value >>> 0).toString(16).padStart(8, '0') };
  }
  if (algorithm === 'crc64nvme') {
    let value = { high: 0, low: 0 };
    const hex = (half: number): string => half.toString(16).padStart(8, '0');
    return { update: (bytes) => void (value = crc64nvme(bytes, value)), hex: () => hex(value.high) + hex(value.low) };
  }
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

/** Stores write digests in base64; we compare hexadecimal. */
export function fromBase64(algorithm: ChecksumAlgorithm, text: string): Checksum {
  return { algorithm, digest: Buffer.from(text, 'base64').toString('hex') };
}

const CHUNK = 1024 * 1024;

/** The digest of a file on disk, in hexadecimal. */
export async function digestOfFile(path: string, algorithm: ChecksumAlgorithm, signal: AbortSignal): Promise<string> {
  const digest = digestOf(algorithm);
  const file = await open(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, CHUNK);
      if (bytesRead === 0) return digest.hex();
      digest.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
