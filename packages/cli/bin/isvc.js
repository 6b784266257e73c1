#!/usr/bin/env node
'use strict';
// A launcher that is committed (and executable) so that npm can link it before the first build.
try {
  require.resolve('../lib/main.js');
} catch {
  process.stderr.write('isvc: not built yet; run "npm run build" in the repository root first\n');
  process.exit(2);
}
require('../lib/main.js');
