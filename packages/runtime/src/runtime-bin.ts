import { join } from 'node:path';

/** Path of the `isvc-runtime` program, for those who run it as a process of its own. */
export const RUNTIME_BIN = join(__dirname, '..', 'bin', 'isvc-runtime.js');

/** A program of one function, `importModule`, which loads ES modules for code that cannot. */
export const IMPORT_MODULE = join(__dirname, '..', 'bin', 'import-module.js');
