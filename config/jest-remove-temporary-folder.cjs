const { rmSync } = require('node:fs');

module.exports = async () => {
  rmSync(process.env.TMPDIR, { recursive: true, force: true });
  // Under --watch the next run begins in this process.
  process.env.TMPDIR = process.env.ISVC_JEST_OUTER_TMPDIR;
};
