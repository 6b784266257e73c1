import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../support/median';
import { REPOSITORY } from '../support/program';

/** Python with scikit-learn, which fits the forest. */
const PYTHON = process.env.ISVC_BENCH_PYTHON;

const ROUNDS = 7;

/** Loads a model with the compiled modules and prints what `load-reference.py` prints. */
const LOAD = `
const { loadModel } = require('./packages/runtime/lib/model/load-model');
const before = process.resourceUsage().maxRSS;
const started = performance.now();
loadModel(process.argv[1]).then((model) => {
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ seconds, grown: (process.resourceUsage().maxRSS - before) * 1024 }));
});`;

interface Loaded {
  readonly seconds: number;
  readonly grown: number;
  /** The whole process, imports included. */
  readonly process: number;
}

/** How long does a forest of 500 trees take to load, and how much memory, beside joblib? */
export async function run(): Promise<void> {
  if (PYTHON === undefined) {
    console.log('set ISVC_BENCH_PYTHON to a Python with scikit-learn');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'isvc-load-'));
  try {
    const file = join(folder, 'forest.joblib');
    const script = join(__dirname, 'load-reference.py');
    await promisify(execFile)(PYTHON, [script, 'fit', file]);
    const bytes = (await stat(file)).size;
    console.log(`forest of 500 trees, ${Math.round(bytes / 1e6)} MB, median of ${ROUNDS}`);
    const ours: Loaded[] = [];
    const theirs: Loaded[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await timed(process.execPath, ['-e', LOAD, file]));
      theirs.push(await timed(PYTHON, [script, 'load', file]));
    }
    print('this server', ours, bytes);
    print('joblib', theirs, bytes);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function timed(program: string, args: readonly string[]): Promise<Loaded> {
  const started = performance.now();
  const { stdout } = await promisify(execFile)(program, args, { cwd: REPOSITORY });
  return { ...(JSON.parse(stdout) as Omit<Loaded, 'process'>), process: (performance.now() - started) / 1000 };
}

function print(who: string, loads: readonly Loaded[], bytes: number): void {
  const [seconds, whole, grown] = [median(loads.map((load) => load.seconds)), median(loads.map((load) => load.process)), median(loads.map((load) => load.grown))];
  console.log(`  ${who.padEnd(14)}${seconds.toFixed(2)} s, with imports ${whole.toFixed(2)} s, memory ${(grown / bytes).toFixed(2)} x the file`);
}
