import { constants, deflate, gzip } from 'node:zlib';

export type AnswerEncoding = 'gzip' | 'deflate';

/** From this size on answers are compressed for clients that ask: below it the network is faster than the compressor. */
export const COMPRESS_MIN_BYTES = 16 * 1024;

/** Numbers as text shrink little further with more effort, which costs many times the time. */
const LEVEL = { level: constants.Z_BEST_SPEED };

/** The encoding that a client likes most of an `Accept-Encoding`; gzip where it does not care. */
export function acceptedEncoding(header: string | string[] | undefined): AnswerEncoding | undefined {
  if (typeof header !== 'string') return undefined;
  let best: { readonly encoding: AnswerEncoding; readonly quality: number } | undefined;
  for (const part of header.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const encoding = name === 'gzip' || name === 'x-gzip' || name === '*' ? 'gzip' : name === 'deflate' ? 'deflate' : undefined;
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    if (!encoding || !(quality > 0)) continue;
    if (!best || quality > best.quality || (quality === best.quality && encoding === 'gzip')) best = { encoding, quality };
  }
  return best?.encoding;
}

/** Compresses beside the event loop; `deflate` is zlib's format, as HTTP and gRPC have it. */
export function encodeBody(body: string | Uint8Array, encoding: AnswerEncoding): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    (encoding === 'gzip' ? gzip : deflate)(body, LEVEL, (error, encoded) => (error ? reject(error) : resolve(encoded)));
  });
}
