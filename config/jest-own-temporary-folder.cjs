// Workers and the programs that tests start inherit the variable. cdk8s, for one, makes a folder for each App without `outdir` and leaves it.
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = async () => {
  process.env.ISVC_JEST_OUTER_TMPDIR = tmpdir();
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'isvc-jest-'));
};
