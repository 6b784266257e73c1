#!/usr/bin/env node
'use strict';
// A launcher that is committed (and executable) so that npm can link it before the first build.
const { statSync } = require('node:fs');
const { join } = require('node:path');

const lib = join(__dirname, '..', 'lib');
const changed = (file) => statSync(join(lib, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// One file starts in a fraction of the time that hundreds take; one that the compiler has overtaken is left aside.
if (changed('bundle.js') > changed('.tsbuildinfo')) {
  require(join(lib, 'bundle.js'));
} else if (changed('main.js') > 0) {
  require(join(lib, 'main.js'));
} else {
  process.stderr.write('isvc: not built yet; run "npm run build" in the repository root first\n');
  process.exit(2);
}
