'use strict';
const { isAscii } = require('node:buffer');
const { readFileSync, statSync } = require('node:fs');
const Module = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/**
 * Runs a bundle, with what V8 compiled of it when it was built (scripts/code-cache.mjs) where that is there. V8 looks whether
 * its version and flags are the same, and compiles anew where they are not. Nothing is written: file systems may be read-only.
 *
 * @returns {Script} what has been run. It cannot use `import()`; see import-module.js.
 */
exports.runBundle = (file) => {
  const cachedData = codeCacheOf(file);
  const bytes = readFileSync(file);
  // Text of ASCII takes half the memory of other text.
  const source = Module.wrap(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8'));
  const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, Module.createRequire(file), module, file, dirname(file));
  return script;
};

/** V8 compares no more of the source than its length, so that a cache older than the bundle is another one's. */
function codeCacheOf(file) {
  const made = statSync(`${file}.cache`, { throwIfNoEntry: false });
  return made && made.mtimeMs >= statSync(file).mtimeMs ? readFileSync(`${file}.cache`) : undefined;
}
