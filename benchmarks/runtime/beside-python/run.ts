import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type GrpcAnswer, inferOnce, inferenceClient, messageOf } from '../../support/grpc-load';
import { runH2Load } from '../../support/h2-load';
import { runLoad } from '../../support/load';
import { median } from '../../support/median';
import { ownedFolder } from '../../support/owned';
import { REPOSITORY } from '../../support/program';
import { must, pythonWith } from '../../support/python-env';
import { checkEqual, firstAnswer } from './answers';
import { CONSTANT, type Case, JSON_CASES, MANY_ROWS, MODELS, ONE_ROW, binaryRequest, grpcRequest, v2Request } from './requests';
import { type Contender, type RunningContender, echo, kserve, mlserver, ours, start } from './servers';
import { startFromDisk, startUp } from './start-up';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SECONDS = 2;
const LOAD_CORE = '1';
/** `BENCH_MODELS=svc,forest` leaves out the others. */
const WANTED = process.env['BENCH_MODELS']?.split(',');
const SKLEARN = 'scikit-learn==1.5.2';

interface Pythons {
  readonly kserve: string;
  readonly mlserver: string;
}

/** How fast is the model server beside KServe's, MLServer's and a bare `node:http` echo, each on one core, with the load on the other? */
export async function run(): Promise<void> {
  const pythons = pythonsIfThere();
  const node = process.execPath;
  const contenders = [ours(node), ...(pythons ? [kserve(pythons.kserve), mlserver(pythons.mlserver)] : []), echo(node)];
  const folder = ownedFolder('beside-python');
  spawnSync('taskset', ['-acp', LOAD_CORE, String(process.pid)]);
  const models = writeModels(folder, pythons);
  console.log(`servers on one core, load on the other; median of ${ROUNDS} rounds in turn; answers are checked first; "x": ours is so many times as fast`);
  await startUp(contenders, folder, ROUNDS, SECONDS);
  if (pythons) await startFromDisk(pythons, folder, ROUNDS);
  for (const model of models) {
    if (!WANTED || WANTED.includes(model)) await rates(contenders.filter(({ serves }) => serves.models.includes(model)), folder, model, pythons);
  }
}

/** Undefined where there is no Python or no package index: what needs none is measured all the same. */
function pythonsIfThere(): Pythons | undefined {
  try {
    return {
      kserve: pythonWith('bench-kserve-0.21.0-boosters', ['kserve==0.21.0', 'xgboost-cpu==3.2.0', 'lightgbm==4.7.0', SKLEARN]),
      mlserver: pythonWith('bench-mlserver-1.7.1', ['mlserver==1.7.1', 'mlserver-sklearn==1.7.1', SKLEARN]),
    };
  } catch (error) {
    console.log(`without KServe's and MLServer's servers, and with the SVC alone: ${(error as Error).message.trim()}`);
    return undefined;
  }
}

/** Writes the models that all servers serve. @returns their names. */
function writeModels(folder: string, pythons: Pythons | undefined): readonly Case['model'][] {
  if (pythons) {
    must(pythons.kserve, [join(__dirname, 'make-models.py'), folder]);
    return [...MODELS, CONSTANT];
  }
  mkdirSync(join(folder, 'svc'));
  copyFileSync(join(REPOSITORY, 'packages/runtime/test/fixtures/sklearn/svc-rbf.joblib'), join(folder, 'svc/model.joblib'));
  return ['svc'];
}

async function rates(contenders: readonly Contender[], folder: string, model: Case['model'], pythons: Pythons | undefined): Promise<void> {
  const servers: RunningContender[] = [];
  try {
    for (const contender of contenders) {
      const server = await start(contender, join(folder, model), join(folder, `${contender.name}-${model}`));
      servers.push(server);
      await firstAnswer(server);
    }
    for (const { name, protocol, request, connections, model: of } of JSON_CASES) {
      if (of !== model) continue;
      const able = servers.filter(({ contender }) => protocol === 'v2' || contender.serves.v1);
      await checkEqual(able, request);
      for (const count of connections) await compare(`${name}, ${count} ${count === 1 ? 'connection' : 'connections'}`, able, (server) => httpRate(server, request, count));
      if (pythons && connections.includes(1)) await compare(`${name}, 1 connection that waits awake`, able, (server) => waitingRate(server, request, pythons.kserve));
    }
    const [first] = servers;
    if (first && (model === 'svc' || model === 'forest' || model === CONSTANT)) await binaryBesideJson(first, model);
    if (model === 'svc') await grpcRates(servers.filter(({ contender }) => contender.serves.grpc));
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function compare(name: string, servers: readonly RunningContender[], measure: (server: RunningContender) => Promise<number>): Promise<void> {
  const rounds: number[][] = [];
  // The first round warms up.
  for (let i = 0; i <= ROUNDS; i++) {
    const round: number[] = [];
    for (const server of servers) round.push(await measure(server));
    if (i > 0) rounds.push(round);
  }
  const figures = servers.map(({ contender }, s) => {
    const rate = median(rounds.map((round) => round[s] as number)).toFixed(0);
    if (s === 0) return `${rate}/s`;
    const ratio = median(rounds.map((round) => (round[0] as number) / (round[s] as number)));
    return `${contender.name} ${rate}/s, ${ratio.toFixed(ratio < 2 ? 2 : 1)} x`;
  });
  console.log(`  ${name.padEnd(44)} ${figures.join('; ')}`);
}

async function httpRate({ ports }: RunningContender, request: Buffer, connections: number): Promise<number> {
  return (await runLoad({ port: ports.http, request, connections, seconds: SECONDS })).perSecond;
}

/** A sleeping client is a large part of what a lone request takes. */
async function waitingRate({ ports }: RunningContender, request: Buffer, python: string): Promise<number> {
  return Number(must(python, [join(__dirname, 'waiting-client.py'), String(ports.http), String(SECONDS)], request));
}

async function binaryBesideJson(server: RunningContender, model: Case['model']): Promise<void> {
  const rounds: { readonly json: number; readonly binary: number }[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const round = { json: await httpRate(server, v2Request(MANY_ROWS), 32), binary: await httpRate(server, binaryRequest(MANY_ROWS), 32) };
    if (i > 0) rounds.push(round);
  }
  console.log(`  ${`V2 1,000 rows, ${model}, binary both ways`.padEnd(44)} ${median(rounds.map(({ binary }) => binary)).toFixed(0)}/s, ${median(rounds.map(({ binary, json }) => binary / json)).toFixed(1)} x our JSON`);
}

async function grpcRates(servers: readonly RunningContender[]): Promise<void> {
  const clients = new Map(servers.map((server) => [server, inferenceClient(server.ports.grpc)]));
  try {
    for (const [server, client] of clients) assert.equal(firstElement(await inferOnce(client, grpcRequest(ONE_ROW))), 1, server.contender.name);
    const body = messageOf([...clients.values()][0] as ReturnType<typeof inferenceClient>, grpcRequest(ONE_ROW));
    for (const inFlight of [1, 32]) {
      await compare(`gRPC one row, SVC, ${inFlight} in flight`, servers, ({ ports }) => runH2Load({ port: ports.grpc, path: '/inference.GRPCInferenceService/ModelInfer', body, inFlight, seconds: SECONDS }));
    }
  } finally {
    for (const client of clients.values()) client.close();
  }
}

function firstElement({ outputs, raw_output_contents: raw }: GrpcAnswer): number {
  const typed = Object.values(outputs[0]?.contents ?? {}).find((values) => Array.isArray(values) && values.length > 0)?.[0];
  return Number(typed ?? raw[0]?.readBigInt64LE(0));
}
