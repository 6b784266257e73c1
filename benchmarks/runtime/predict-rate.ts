import { strict as assert } from 'node:assert';
import { type LoadResult, jsonPost, runLoad } from '../support/load';
import { median } from '../support/median';
import { type Program, startProgram, startRuntime } from '../support/program';

const CONNECTIONS = 32;
const SECONDS = 2;
const ROUNDS = 3;
const BODY = '{"instances":[[6.8,2.8,4.8,1.4]]}';

/**
 * How much of the rate of a bare `node:http` JSON echo does a single-row V1 and V2 predict of the iris SVC keep?
 * The programs are measured in turn, so that other load on the machine meets all of them.
 */
export async function run(): Promise<void> {
  const echo = await startProgram(['--import', 'tsx', 'benchmarks/support/echo-server.ts']);
  const runtime = await startRuntime('packages/runtime/test/fixtures/sklearn/svc-rbf.joblib');
  try {
    const v1Path = '/v1/models/m:predict';
    const v2Path = '/v2/models/m/infer';
    const v2Body = '{"id":"1","inputs":[{"name":"input-0","shape":[1,4],"datatype":"FP64","data":[6.8,2.8,4.8,1.4]}]}';
    assert.deepEqual(await ask(echo, '/', BODY), JSON.parse(BODY));
    assert.deepEqual(await ask(runtime, v1Path, BODY), { predictions: [1] });
    const v2Answer = (await ask(runtime, v2Path, v2Body)) as { readonly outputs: readonly { readonly data: unknown }[] };
    assert.deepEqual(v2Answer.outputs[0]?.data, [1]);

    const cases = [
      { name: 'echo', program: echo, request: jsonPost('/', BODY) },
      { name: 'V1 predict', program: runtime, request: jsonPost(v1Path, BODY) },
      { name: 'V2 infer', program: runtime, request: jsonPost(v2Path, v2Body) },
    ];
    const rounds: LoadResult[][] = [];
    for (let i = 0; i <= ROUNDS; i++) {
      const results: LoadResult[] = [];
      for (const { program, request } of cases) results.push(await runLoad({ port: program.port, request, connections: CONNECTIONS, seconds: i === 0 ? 1 : SECONDS }));
      // Round 0 warms the compilers up.
      if (i > 0) rounds.push(results);
    }
    console.log(`predict rate, ${CONNECTIONS} keep-alive connections, one row of the iris SVC, median of ${ROUNDS} rounds`);
    cases.forEach(({ name }, c) => {
      const of = (pick: (result: LoadResult) => number): number => median(rounds.map((round) => pick(round[c] as LoadResult)));
      const ratio = median(rounds.map((round) => (round[c] as LoadResult).perSecond / (round[0] as LoadResult).perSecond));
      console.log(
        `  ${name.padEnd(10)} ${of((r) => r.perSecond).toFixed(0).padStart(6)} requests/s  p50 ${of((r) => r.p50).toFixed(2)} ms  p99 ${of((r) => r.p99).toFixed(2)} ms  ${ratio.toFixed(2)} of the echo`,
      );
    });
  } finally {
    await Promise.all([echo.stop(), runtime.stop()]);
  }
}

async function ask({ port }: Program, path: string, body: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers: { connection: 'close' } });
  return response.json();
}
