import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timeNode } from '../support/timed-process';

const ROUNDS = 9;

/** How long does the compiled first example take to synthesize, as a whole process? */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-bench-'));
  try {
    const empty = timeNode(['-e', `const {App,Chart}=require("cdk8s");const a=new App({outdir:${JSON.stringify(folder)}});new Chart(a,"c");a.synth()`], ROUNDS);
    const example = timeNode(['.build/examples/01-first-model/main.js'], ROUNDS, { CDK8S_OUTDIR: join(folder, 'dist') });
    console.log(`synth as a whole process, median of ${ROUNDS}`);
    console.log(`  cdk8s with one empty chart   ${empty.toFixed(0).padStart(4)} ms`);
    console.log(`  examples/01-first-model      ${example.toFixed(0).padStart(4)} ms  ${(example / empty).toFixed(2)} times the empty one`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
