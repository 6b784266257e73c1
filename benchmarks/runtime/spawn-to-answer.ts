import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { connect } from 'node:net';
import { jsonPost } from '../support/load';
import { median } from '../support/median';
import { startProgram, startRuntime } from '../support/program';

const ROUNDS = 7;
const REQUEST = jsonPost('/v1/models/m:predict', '{"instances":[[6.8,2.8,4.8,1.4]]}');

/** How long from spawning the model server to its first correct answer, and how much of that is Node's own start? */
export async function run(): Promise<void> {
  const bare: number[] = [];
  const answers: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const http = await startProgram(['-e', 'const s=require("http").createServer((q,r)=>r.end()).listen(0,()=>console.error("port "+s.address().port));process.on("SIGTERM",()=>process.exit(0))']);
    bare.push(performance.now() - http.spawnedAt);
    await http.stop();
    const runtime = await startRuntime('packages/runtime/test/fixtures/sklearn/svc-rbf.joblib');
    try {
      const answer = await firstAnswer(runtime.port);
      answers.push(performance.now() - runtime.spawnedAt);
      assert.match(answer, /\r\n\r\n\{"predictions":\[1\]\}$/);
    } finally {
      await runtime.stop();
    }
  }
  console.log(`spawn to first correct answer of the iris SVC, median of ${ROUNDS}`);
  console.log(`  bare node:http listening  ${median(bare).toFixed(0).padStart(4)} ms`);
  console.log(`  isvc-runtime serve        ${median(answers).toFixed(0).padStart(4)} ms  ${(median(answers) / median(bare)).toFixed(2)} times the bare server`);
}

async function firstAnswer(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(REQUEST);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return chunk.toString();
}
