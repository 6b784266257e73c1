// Workers and the programs that tests start inherit the variable. cdk8s, for one, makes a folder for each App without `outdir` and leaves it.
const { mkdtempSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = async () => {
  const outer = tmpdir();
  // Runs that were killed could not tidy up.
  for (const name of readdirSync(outer)) {
    const pid = /^isvc-jest-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(outer, name), { recursive: true, force: true });
  }
  process.env.ISVC_JEST_OUTER_TMPDIR = outer;
  process.env.TMPDIR = mkdtempSync(join(outer, `isvc-jest-${process.pid}-`));
};

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
