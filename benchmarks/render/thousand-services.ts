import { strict as assert } from 'node:assert';
import type { InferenceService } from '../../src/api';
import { planResources, renderResources } from '../../src/plan';
import { render, worldOf } from '../../src/render';
import { median } from '../support/median';

const SERVICES = 1000;
const ROUNDS = 5;

/** How long does rendering 1,000 services with canary, transformer and autoscaler take, and planning a change of all? */
export async function run(): Promise<void> {
  const world = worldOf();
  const services = Array.from({ length: SERVICES }, (_, i) => service(i, 'v1'));
  const changed = Array.from({ length: SERVICES }, (_, i) => service(i, 'v2'));
  let children = 0;
  const renderTimes: number[] = [];
  const planTimes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    const results = services.map((s) => render(s, world));
    renderTimes.push(performance.now() - begun);
    children = results.reduce((sum, r) => sum + r.children.length, 0);
    assert.equal(results.filter((r) => r.problems.some((p) => p.severity === 'error')).length, 0);
    const beforePlan = performance.now();
    const plan = planResources(renderResources(services, world), renderResources(changed, world));
    planTimes.push(performance.now() - beforePlan);
    assert.equal(plan.summary.changed > 0 && plan.summary.restartedPods >= SERVICES, true);
  }
  const copy = copyTime(services, world);
  console.log(`${SERVICES} raw services with canary, transformer and HPA (${children} children), median of ${ROUNDS}`);
  console.log(`  render                     ${median(renderTimes).toFixed(0).padStart(5)} ms  ${(median(renderTimes) / copy).toFixed(2)} times JSON-copying the children`);
  console.log(`  render twice and compare   ${median(planTimes).toFixed(0).padStart(5)} ms`);
  console.log(`  heap in use                ${(process.memoryUsage().heapUsed / 1e6).toFixed(0).padStart(5)} MB`);
}

/** What only writing and reading the same children as JSON costs: a yardstick that moves with the machine. */
function copyTime(services: readonly InferenceService[], world: ReturnType<typeof worldOf>): number {
  const children = services.flatMap((s) => render(s, world).children);
  const begun = performance.now();
  JSON.parse(JSON.stringify(children));
  return performance.now() - begun;
}

function service(i: number, version: string): InferenceService {
  const model = { modelFormat: { name: 'sklearn' }, storageUri: `s3://models/m${i}/${version}` };
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: `m${i}`, namespace: `team-${i % 20}`, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: {
      predictor: { minReplicas: 2, maxReplicas: 5, model },
      transformer: { containers: [{ name: 'kserve-container', image: 'team/transformer:1' }] },
      canary: [{ trafficPercent: 10, predictor: { name: 'next', minReplicas: 1, model: { ...model, storageUri: `s3://models/m${i}/next` } } }],
    },
  };
}
