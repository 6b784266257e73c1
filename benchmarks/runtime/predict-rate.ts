import { printAgainstEcho } from '../support/against-echo';
import { jsonPost } from '../support/load';
import { startRuntime } from '../support/program';
import { IRIS_SVC, V1, V2, assertAnswers } from './iris-requests';

/** How much of the rate of a bare `node:http` JSON echo does a single-row V1 and V2 predict of the iris SVC keep? */
export async function run(): Promise<void> {
  const runtime = await startRuntime(IRIS_SVC);
  try {
    await assertAnswers(runtime.port);
    console.log('predict rate, one row of the iris SVC, 32 keep-alive connections');
    await printAgainstEcho(
      jsonPost('/', V1.body),
      [
        { name: 'V1 predict', port: runtime.port, request: jsonPost(V1.path, V1.body) },
        { name: 'V2 infer', port: runtime.port, request: jsonPost(V2.path, V2.body) },
      ],
      { connections: 32, seconds: 2 },
    );
  } finally {
    await runtime.stop();
  }
}
