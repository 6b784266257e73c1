import { processIo } from './io';
import { runIsvc } from './program';

void runIsvc(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
