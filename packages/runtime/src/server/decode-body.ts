import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { IsvcError } from 'cdk8s-kserve/api';

/** What the server says it takes, in the header of a refusal. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate';

const ZLIB_METHOD = 8;

/**
 * A compressed body as it was before; the work is done beside the event loop.
 *
 * @param limit in bytes of what comes out, so that a small body cannot become a large one.
 * @throws IsvcError ISVC_INPUT_ENCODING for an encoding that is not known, ISVC_INPUT_INVALID for bytes that are not of it,
 * ISVC_INPUT_TOO_LARGE.
 */
export function decodeBody(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const decode = decoderOf(encoding.trim().toLowerCase(), body);
  return new Promise((resolve, reject) => {
    if (!decode) return reject(new IsvcError('ISVC_INPUT_ENCODING', `the content encoding ${JSON.stringify(encoding.slice(0, 100))} is not known`, { hint: `send ${ACCEPTED_ENCODINGS} or plain JSON` }));
    decode(body, { maxOutputLength: limit }, (error, decoded) => {
      if (!error) resolve(decoded);
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') reject(new IsvcError('ISVC_INPUT_TOO_LARGE', `the decompressed request body is larger than ${limit} bytes`));
      else reject(new IsvcError('ISVC_INPUT_INVALID', `the body is not ${encoding.trim().slice(0, 100)} as its content encoding says`, { cause: error }));
    });
  });
}

function decoderOf(encoding: string, body: Buffer): typeof gunzip | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzip;
  if (encoding !== 'deflate') return undefined;
  // It means zlib's format, but some clients send the bare one.
  return ((body[0] ?? 0) & 0x0f) === ZLIB_METHOD ? inflate : inflateRaw;
}
