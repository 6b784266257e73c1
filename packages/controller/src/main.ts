import { setFlagsFromString } from 'node:v8';
import { runMain } from './run-main';

// Most of what is in memory stays there. Garbage is collected when it has grown by a third, not when it has doubled.
setFlagsFromString('--heap-growing-percent=30');

// Only the process lives here; everything else takes what it needs as arguments.
void runMain(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
