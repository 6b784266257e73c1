import { runMain } from './run-main';

// Only the process lives here; everything else takes what it needs as arguments.
void runMain(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
