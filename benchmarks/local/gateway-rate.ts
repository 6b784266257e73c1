import { join } from 'node:path';
import { printAgainstEcho } from '../support/against-echo';
import { jsonPost } from '../support/load';
import { REPOSITORY, startProgram, startRuntime } from '../support/program';

const SHAPE = { connections: 32, seconds: 3 };
const PREDICT = jsonPost('/v1/models/m:predict', JSON.stringify({ instances: [[6.8, 2.8, 4.8, 1.4]] }));

/** What does the gateway of local mode cost a request? The same model server, asked directly and through it. */
export async function run(): Promise<void> {
  console.log(`V1 predict of one row at ${SHAPE.connections} connections, directly and through the gateway`);
  const direct = await startRuntime(join(REPOSITORY, 'examples/01-first-model/models/svc'));
  const cluster = await startProgram(['--import', 'tsx', 'benchmarks/support/served-cluster.ts']);
  try {
    const cases = [
      { name: 'direct', port: direct.port, request: PREDICT },
      { name: 'gateway', port: cluster.port, request: PREDICT },
    ];
    await printAgainstEcho(PREDICT, cases, SHAPE);
  } finally {
    await Promise.all([direct.stop(), cluster.stop()]);
  }
}
