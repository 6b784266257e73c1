'use strict';
// node run-and-cache.cjs BUNDLE ARGS: runs the bundle and writes at its end what V8 has compiled. See code-cache.mjs.
const { writeFileSync } = require('node:fs');
const { runBundle } = require('../packages/runtime/bin/run-bundle.js');

const [, , bundle, ...args] = process.argv;
process.argv.splice(1, process.argv.length, bundle, ...args);
const script = runBundle(bundle);
process.on('exit', () => writeFileSync(`${bundle}.cache`, script.createCachedData()));
