import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { median } from '../support/median';

const SERVICES = 1000;
const ROUNDS = 3;
/** Runs the command in a process of its own and says what it took at most. */
const MEASURED = 'process.on("exit",()=>require("fs").writeSync(2,"\\nrss "+process.resourceUsage().maxRSS));require("./packages/cli/lib/main.js")';
const ONLY_PARSED = 'const{readdirSync,readFileSync}=require("fs");const{parseAllDocuments}=require("yaml");const d=process.argv[1];for(const f of readdirSync(d))for(const x of parseAllDocuments(readFileSync(d+"/"+f,"utf8")))x.toJS()';

/** How long do `isvc lint` and `isvc plan` take over 1,000 services, as whole processes, and how much memory? */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'isvc-bench-lint-'));
  try {
    for (let team = 0; team < 20; team++) {
      const services = Array.from({ length: SERVICES / 20 }, (_, i) => stringify(service(team, i), { version: '1.1', lineWidth: 0 }));
      writeFileSync(join(folder, `team-${team}.yaml`), services.join('---\n'));
    }
    const lint = measured('lint', folder, 0);
    // Everything is new, which it says with exit code 2.
    const plan = measured('plan', folder, 2);
    const begun = performance.now();
    spawnSync(process.execPath, ['-e', ONLY_PARSED, folder]);
    const parsed = performance.now() - begun;
    console.log(`isvc lint and plan of ${SERVICES} raw services with transformer and canary, as a whole process, median of ${ROUNDS}`);
    console.log(`  only parsing their YAML  ${parsed.toFixed(0).padStart(5)} ms`);
    for (const [name, { ms, megabytes }] of [['isvc lint', lint], ['isvc plan', plan]] as const) {
      console.log(`  ${name.padEnd(24)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / parsed).toFixed(2)} times only parsing, ${megabytes.toFixed(0)} MB at most`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measured(command: 'lint' | 'plan', folder: string, exitCode: number): { readonly ms: number; readonly megabytes: number } {
  const times: number[] = [];
  const sizes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', MEASURED, 'isvc', command, folder], { encoding: 'utf8', maxBuffer: 1 << 28 });
    times.push(performance.now() - begun);
    assert.equal(status, exitCode, stdout.slice(0, 2000) + stderr.slice(0, 2000));
    sizes.push(Number(/rss (\d+)/.exec(stderr)?.[1]) / 1024);
  }
  return { ms: median(times), megabytes: median(sizes) };
}

function service(team: number, i: number): object {
  const model = { modelFormat: { name: 'sklearn' }, storageUri: `s3://models/m${i}/v1`, resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } } };
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: `m${i}`, namespace: `team-${team}`, labels: { team: `team-${team}` }, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: {
      predictor: { minReplicas: 2, maxReplicas: 5, scaleMetric: 'cpu', scaleTarget: 60, model },
      transformer: { containers: [{ name: 'kserve-container', image: 'team/transformer:1.2', env: [{ name: 'LEVEL', value: 'info' }] }] },
      canary: [{ trafficPercent: 10, predictor: { name: 'next', minReplicas: 1, model: { storageUri: `s3://models/m${i}/next` } } }],
    },
  };
}
