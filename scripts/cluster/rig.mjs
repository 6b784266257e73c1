// `node scripts/cluster/rig.mjs NAME`: prints the folder of what one opt-in test runs beside the control plane, built first if need be.
import { GoMissing, rigPrograms } from './build.mjs';

try {
  process.stdout.write(`${rigPrograms(process.argv[2])}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof GoMissing ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
