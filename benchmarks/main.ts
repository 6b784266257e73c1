// npm run bench [-- NAME...]: runs the programs of this folder one after the other and prints their figures. Each asks
// one question and compares within one run, since absolute times on a shared machine prove little. Those that need
// Go or Python run only when they are named. --list prints the names.
import { run as rawServicesBurst } from './controller/raw-services-burst';
import { run as boosting } from './formats/boosting';
import { run as loadForest } from './formats/load-forest';
import { forest, svc } from './formats/sklearn';
import { run as importTime } from './library/import-time';
import { run as typeCheckTime } from './library/type-check-time';
import { run as synthThousand } from './library/synth-thousand';
import { run as synthTime } from './library/synth-time';
import { run as lintThousand } from './lint/thousand-services';
import { run as gatewayRate } from './local/gateway-rate';
import { run as localStart } from './local/start-to-answer';
import { run as thousandServices } from './render/thousand-services';
import { run as besidePython } from './runtime/beside-python/run';
import { run as fastPath } from './runtime/fast-path';
import { run as largeBatch } from './runtime/large-batch';
import { run as predictRate } from './runtime/predict-rate';
import { run as spawnToAnswer } from './runtime/spawn-to-answer';
import { run as fetchS3 } from './storage/fetch-s3';

const PROGRAMS: Readonly<Record<string, () => Promise<void>>> = {
  'import-time': importTime,
  'synth-time': synthTime,
  'synth-thousand': synthThousand,
  'type-check-time': typeCheckTime,
  'thousand-services': thousandServices,
  'lint-thousand': lintThousand,
  'start-to-answer': localStart,
  'spawn-to-answer': spawnToAnswer,
  'predict-rate': predictRate,
  'fast-path': fastPath,
  'large-batch': largeBatch,
  boosting,
  forest,
  svc,
  'load-forest': loadForest,
  'gateway-rate': gatewayRate,
};

/** Minutes each, and not on every machine. */
const ON_REQUEST: typeof PROGRAMS = { 'raw-services-burst': rawServicesBurst, 'fetch-s3': fetchS3, 'beside-python': besidePython };

async function main(names: readonly string[]): Promise<void> {
  if (names.includes('--list')) {
    console.log(`${Object.keys(PROGRAMS).join('\n')}\n\nonly when named:\n${Object.keys(ON_REQUEST).join('\n')}`);
    return;
  }
  const unknown = names.filter((name) => !Object.hasOwn(PROGRAMS, name) && !Object.hasOwn(ON_REQUEST, name));
  if (unknown.length > 0) {
    process.stderr.write(`no benchmark is called ${unknown.join(', ')}; there are ${Object.keys({ ...PROGRAMS, ...ON_REQUEST }).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}`);
  for (const [name, run] of Object.entries({ ...PROGRAMS, ...ON_REQUEST })) {
    if (names.length > 0 ? !names.includes(name) : Object.hasOwn(ON_REQUEST, name)) continue;
    console.log(`\n== ${name}`);
    await run();
  }
}

// Exits, so that what is theirs ends with them (support/owned.ts).
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
void main(process.argv.slice(2));
