import { IsvcError } from 'cdk8s-kserve/api';

/** Runs a reader, and makes a model error of what V8 throws when an array cannot be allocated. */
export function guardMemory<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'needs more memory than the process can get', {
      path: file,
      hint: 'give the container more memory, or fit a smaller model',
      cause: error,
    });
  }
}
