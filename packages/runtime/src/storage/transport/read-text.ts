import type { Readable } from 'node:stream';
import { TransferFailure } from './failure';

/** Listings of a thousand keys are well below this; more is not what was asked for. */
const MOST_BYTES = 32 * 1024 * 1024;

/** The whole of a small body as text. @throws TransferFailure where it is larger than `most` bytes. */
export async function readText(body: Readable, most = MOST_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) {
      body.destroy();
      throw new TransferFailure(`the answer is larger than ${most} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The first bytes of a body, for messages; the rest is thrown away. */
export async function readStart(body: Readable, most = 4096): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= most) break;
    }
  } catch {
    // The status says enough; its document is an extra.
  }
  body.destroy();
  return Buffer.concat(chunks).subarray(0, most).toString('utf8');
}
