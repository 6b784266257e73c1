#!/usr/bin/env node
'use strict';
// A launcher that is committed (and executable) so that npm can link it before the first build.
const { statSync } = require('node:fs');
const { join } = require('node:path');
const { runBundle } = require('./run-bundle.js');

const lib = join(__dirname, '..', 'lib');
const changed = (file) => statSync(join(lib, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const [first = ''] = process.argv.slice(2);
// As the program itself reads its arguments (src/cli/run-command.ts): what only fetches starts sooner without the server.
const bundle = first === 'fetch' || first.startsWith('/') || first.includes('://') ? 'fetch-bundle.js' : 'bundle.js';

// One file starts in a fraction of the time that hundreds take; one that the compiler has overtaken is left aside.
if (changed(bundle) > changed('.tsbuildinfo')) {
  runBundle(join(lib, bundle));
} else if (changed('main.js') > 0) {
  require(join(lib, 'main.js'));
} else {
  process.stderr.write('isvc-runtime: not built yet; run "npm run build" in the repository root first\n');
  process.exit(2);
}
