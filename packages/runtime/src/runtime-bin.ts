import { join } from 'node:path';

/** Path of the `isvc-runtime` program, for those who run it as a process of its own. */
export const RUNTIME_BIN = join(__dirname, '..', 'bin', 'isvc-runtime.js');
