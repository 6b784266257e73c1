import { gunzipSync, inflateSync } from 'node:zlib';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { ByteReader } from '../pickle/byte-reader';

/** A model larger than this when decompressed is refused: a few kilobytes can otherwise ask for all memory there is. */
export const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

interface Signature {
  readonly name: string;
  /** First bytes of the file, one character a byte. */
  readonly starts: readonly string[];
  readonly inflate?: (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;
  readonly hint?: string;
}

/** joblib compresses whole files and tells the method by the first bytes, never by the extension. */
const COMPRESSIONS: readonly Signature[] = [
  { name: 'zlib', starts: ['\x78\x01', '\x78\x5e', '\x78\x9c', '\x78\xda'], inflate: inflateSync },
  { name: 'gzip', starts: ['\x1f\x8b'], inflate: gunzipSync },
  { name: 'bz2', starts: ['BZh'] },
  { name: 'lzma', starts: ['\x5d\x00'] },
  { name: 'xz', starts: ['\xfd7zXZ'] },
  { name: 'lz4', starts: ['\x04\x22\x4d\x18'] },
  { name: 'the zlib container of joblib before 0.10', starts: ['ZF'] },
];

/** Things that get a model's name by mistake, most often. */
const MISTAKES: readonly Signature[] = [
  { name: 'a Git LFS pointer, not the model', starts: ['version https://git-lfs'], hint: 'fetch the real file with git lfs pull' },
  { name: 'a zip archive (skops and PyTorch write those)', starts: ['PK\x03\x04'], hint: 'save the model with joblib.dump' },
  { name: 'an HDF5 file', starts: ['\x89HDF'], hint: 'save the model with joblib.dump' },
  { name: 'a NumPy array file', starts: ['\x93NUMPY'], hint: 'save the model with joblib.dump' },
  { name: 'an HTML page', starts: ['<!DOCTYPE', '<!doctype', '<html'], hint: 'the download probably answered with an error page; check its address' },
];

/**
 * A reader over the pickle in a file, decompressed where joblib has compressed it.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED for a compression or content that is not read here.
 */
export function openPickle(bytes: Buffer, file: string, maxBytes: number = MAX_INFLATED_BYTES): ByteReader {
  if (bytes.length === 0) {
    throw new IsvcError('ISVC_MODEL_CORRUPT', 'the file is empty', { path: file, hint: 'copy the file again' });
  }
  const mistake = MISTAKES.find((signature) => matches(bytes, signature));
  if (mistake) throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `is ${mistake.name}`, { path: file, hint: mistake.hint });
  const compression = COMPRESSIONS.find((signature) => matches(bytes, signature));
  if (!compression) return new ByteReader(bytes, file);
  if (!compression.inflate) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `is compressed with ${compression.name}; supported are zlib and gzip`, {
      path: file,
      hint: "save it again with joblib.dump(model, path, compress=('zlib', 3)) or without compression",
    });
  }
  return new ByteReader(inflate(compression.inflate, compression.name, bytes, file, maxBytes), file, true);
}

function inflate(method: NonNullable<Signature['inflate']>, name: string, bytes: Buffer, file: string, maxBytes: number): Buffer {
  try {
    return method(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `decompresses to more than ${maxBytes} bytes, the most that is read`, {
        path: file,
        hint: 'save the model without compression',
      });
    }
    throw new IsvcError('ISVC_MODEL_CORRUPT', `the ${name} data is damaged or cut short: ${messageOf(error)}`, {
      path: file,
      hint: 'copy the file again and compare its checksum with the source',
      cause: error,
    });
  }
}

function matches(bytes: Buffer, { starts }: Signature): boolean {
  return starts.some((start) => bytes.toString('latin1', 0, start.length) === start);
}
