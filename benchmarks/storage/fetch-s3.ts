import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../support/median';
import { runTree } from '../support/process-tree';
import { type Program, REPOSITORY, startProgram } from '../support/program';
import { pythonWith } from '../support/python-env';

const ROUNDS = 3;
const KSERVE_STORAGE = '0.21.0';
const MODELS = [{ name: '1 GB in 200 files', path: 'many', bytes: 200 * 5 * 2 ** 20 }, { name: 'one file of 2 GB', path: 'one', bytes: 2 ** 31 }];
const ENV = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true' };

interface Figures {
  readonly seconds: number;
  readonly peakMib: number;
  /** Milliseconds from the start of the process until the store sends the first byte of a file. */
  readonly firstByte: number;
}

/** How long does fetching from S3 take, in how much memory, beside KServe's own initializer, near the store and 20 ms away? */
export async function run(): Promise<void> {
  const python = pythonWithKserve();
  console.log(`fetching from S3, median of ${ROUNDS} rounds in turn, ours / kserve-storage ${KSERVE_STORAGE}; seconds, MiB of all processes, ms from spawn to first byte`);
  const folder = mkdtempSync(join(process.env.ISVC_BENCH_FOLDER ?? tmpdir(), 'isvc-fetch-'));
  try {
    for (const latency of ['0', '20']) {
      const server = await startProgram(['--import', 'tsx', 'benchmarks/storage/s3-server.ts'], { LATENCY_MS: latency });
      try {
        for (const model of MODELS) await compare(model, latency, server, python, folder);
      } finally {
        await server.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare({ name, path, bytes }: (typeof MODELS)[number], latency: string, { port }: Program, python: string, folder: string): Promise<void> {
  const measure = async (command: string, args: readonly string[]): Promise<Figures> => {
    const target = join(folder, 'target');
    mkdirSync(target);
    try {
      const { spawnedAt, seconds, peakMib } = await runTree(command, [...args, `s3://models/${path}`, target], { ...ENV, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
      const arrived = readdirSync(target).reduce((sum, file) => sum + (file.startsWith('.') ? 0 : statSync(join(target, file)).size), 0);
      if (arrived !== bytes) throw new Error(`${command} brought ${arrived} of ${bytes} bytes`);
      const first = Number(await (await fetch(`http://127.0.0.1:${port}/first`)).text());
      return { seconds, peakMib, firstByte: first - spawnedAt };
    } finally {
      rmSync(target, { recursive: true, force: true });
    }
  };
  const rounds: { readonly ours: Figures; readonly theirs: Figures }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    rounds.push({
      ours: await measure(process.execPath, [join(REPOSITORY, 'packages/runtime/bin/isvc-runtime.js'), 'fetch']),
      theirs: await measure(python, [join(__dirname, 'kserve-initializer.py')]),
    });
  }
  const of = (pick: (figures: Figures) => number, digits: number): string => {
    const ratio = median(rounds.map(({ ours, theirs }) => pick(theirs) / pick(ours)));
    return `${median(rounds.map(({ ours }) => pick(ours))).toFixed(digits)} / ${median(rounds.map(({ theirs }) => pick(theirs))).toFixed(digits)} (${ratio.toFixed(2)} x)`;
  };
  console.log(`  ${name}, ${latency.padStart(2)} ms  time ${of(({ seconds }) => seconds, 2)}  memory ${of(({ peakMib }) => peakMib, 0)}  first byte ${of(({ firstByte }) => firstByte, 0)}`);
}

/** `ISVC_BENCH_PYTHON` names another one that has kserve-storage. */
function pythonWithKserve(): string {
  return process.env.ISVC_BENCH_PYTHON || pythonWith(`kserve-storage-${KSERVE_STORAGE}`, [`kserve-storage==${KSERVE_STORAGE}`]);
}
