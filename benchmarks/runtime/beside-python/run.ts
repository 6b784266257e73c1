import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GrpcAnswer, inferOnce, inferenceClient, messageOf } from '../../support/grpc-load';
import { runH2Load } from '../../support/h2-load';
import { runLoad } from '../../support/load';
import { median } from '../../support/median';
import { must, pythonWith } from '../../support/python-env';
import { CONSTANT, type Case, JSON_CASES, MANY_ROWS, MODELS, ONE_ROW, binaryRequest, grpcRequest, v1Request, v2Request } from './requests';
import { BARE, type Contender, OURS, type RunningContender, kserve, mlserver, start } from './servers';

const ROUNDS = 3;
const SECONDS = 2;
const LOAD_CORE = '1';
/** `BENCH_MODELS=svc,forest` leaves out the others. */
const WANTED = process.env['BENCH_MODELS']?.split(',');
const SKLEARN = 'scikit-learn==1.5.2';

/** How fast is the model server beside KServe's and MLServer's, each on one core, with the load on the other? */
export async function run(): Promise<void> {
  const kservePython = pythonWith('bench-kserve-0.21.0-boosters', ['kserve==0.21.0', 'xgboost-cpu==3.2.0', 'lightgbm==4.7.0', SKLEARN]);
  const contenders = [OURS, kserve(kservePython), mlserver(pythonWith('bench-mlserver-1.7.1', ['mlserver==1.7.1', 'mlserver-sklearn==1.7.1', SKLEARN]))];
  const folder = mkdtempSync(join(tmpdir(), 'isvc-beside-python-'));
  spawnSync('taskset', ['-acp', LOAD_CORE, String(process.pid)]);
  try {
    must(kservePython, [join(__dirname, 'make-models.py'), folder]);
    console.log(`servers on one core, load on the other; median of ${ROUNDS} rounds in turn; predictions are checked first`);
    await startUp([...contenders, BARE], folder);
    const models = ([...MODELS, CONSTANT] as const).filter((model) => !WANTED || WANTED.includes(model));
    for (const model of models) await rates(contenders.filter(({ serves }) => serves.models.includes(model)), folder, model, kservePython);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Time to the first correct answer, and memory before and after load. */
async function startUp(contenders: readonly Contender[], folder: string): Promise<void> {
  const figures = new Map<string, { readonly ms: number; readonly idle: number; readonly loaded: number }[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      const server = await start(contender, join(folder, 'svc'), join(folder, `${contender.name}-${round}`));
      try {
        await firstAnswer(server);
        const ms = performance.now() - server.spawnedAt;
        const idle = server.memory();
        await runLoad({ port: server.ports.http, request: v2Request(ONE_ROW), connections: 32, seconds: SECONDS });
        figures.set(contender.name, [...(figures.get(contender.name) ?? []), { ms, idle, loaded: server.memory() }]);
      } finally {
        await server.stop();
      }
    }
  }
  const of = (name: string, pick: (figure: { readonly ms: number; readonly idle: number; readonly loaded: number }) => number): number => median((figures.get(name) ?? []).map(pick));
  for (const { name } of contenders) {
    const beside = (pick: Parameters<typeof of>[1]): string => (name === OURS.name ? '' : `, ${(of(name, pick) / of(OURS.name, pick)).toFixed(1)} x ours`);
    console.log(`  ${name.padEnd(12)} first answer ${of(name, ({ ms }) => ms).toFixed(0)} ms${beside(({ ms }) => ms)}; memory idle ${of(name, ({ idle }) => idle).toFixed(0)} MiB${beside(({ idle }) => idle)}, after load ${of(name, ({ loaded }) => loaded).toFixed(0)} MiB${beside(({ loaded }) => loaded)}`);
  }
}

async function rates(contenders: readonly Contender[], folder: string, model: Case['model'], python: string): Promise<void> {
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
      for (const count of connections) await compare(`${name}, ${count} connections`, able, (server) => httpRate(server, request, count));
      if (connections.includes(1)) await compare(`${name}, 1 connection that waits awake`, able, (server) => waitingRate(server, request, python));
    }
    const [ours] = servers;
    if (ours && (model === 'svc' || model === 'forest' || model === CONSTANT)) await binaryBesideJson(ours, model);
    if (model === 'svc') await grpcRates(servers);
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
    return s === 0 ? `${rate}/s` : `${contender.name} ${rate}/s, ${median(rounds.map((round) => (round[0] as number) / (round[s] as number))).toFixed(1)} x`;
  });
  console.log(`  ${name.padEnd(40)} ${figures.join('; ')}`);
}

async function httpRate({ ports }: RunningContender, request: Buffer, connections: number): Promise<number> {
  return (await runLoad({ port: ports.http, request, connections, seconds: SECONDS })).perSecond;
}

/** A sleeping client is a large part of what a lone request takes. */
async function waitingRate({ ports }: RunningContender, request: Buffer, python: string): Promise<number> {
  return Number(must(python, [join(__dirname, 'waiting-client.py'), String(ports.http), String(SECONDS)], request));
}

async function binaryBesideJson(ours: RunningContender, model: Case['model']): Promise<void> {
  const rounds: { readonly json: number; readonly binary: number }[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const round = { json: await httpRate(ours, v2Request(MANY_ROWS), 32), binary: await httpRate(ours, binaryRequest(MANY_ROWS), 32) };
    if (i > 0) rounds.push(round);
  }
  console.log(`  ${`V2 1,000 rows, ${model}, binary both ways`.padEnd(40)} ${median(rounds.map(({ binary }) => binary)).toFixed(0)}/s, ${median(rounds.map(({ binary, json }) => binary / json)).toFixed(1)} x our JSON`);
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

/** All servers must answer what the first one does. */
async function checkEqual(servers: readonly RunningContender[], request: Buffer): Promise<void> {
  const text = request.toString('latin1');
  const path = text.slice(5, text.indexOf(' ', 5));
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  const answers = await Promise.all(servers.map(async ({ ports }) => {
    const response = await fetch(`http://127.0.0.1:${ports.http}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', connection: 'close' } });
    const answer = (await response.json()) as { readonly predictions?: unknown; readonly outputs?: readonly { readonly data: unknown }[] };
    return answer.predictions ?? answer.outputs?.[0]?.data;
  }));
  assert.ok(Array.isArray(answers[0]) && answers[0].length > 0);
  const [first, ...others] = answers.map((answer) => (answer as unknown[]).flat(2).map(Number));
  for (const other of others) {
    assert.equal(other.length, first?.length);
    // Labels are whole numbers; probabilities of boosters differ in their last bits.
    other.forEach((value, i) => assert.ok(Math.abs(value - (first?.[i] as number)) <= 1e-6, `answer ${i} is ${value}, not ${first?.[i]}`));
  }
}

/** Asks until the model answers, and checks what it says. */
async function firstAnswer({ contender, ports }: RunningContender): Promise<void> {
  const request = (contender.serves.v1 ? v1Request(ONE_ROW) : v2Request(ONE_ROW)).toString();
  const [path, body] = [request.slice(5, request.indexOf(' ', 5)), request.slice(request.indexOf('\r\n\r\n') + 4)];
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${ports.http}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', connection: 'close' } }).then(async (response) => (response.ok ? ((await response.json()) as { readonly predictions?: readonly unknown[]; readonly outputs?: readonly { readonly data: readonly unknown[] }[] }) : undefined), () => undefined);
    if (answer) return assert.equal(classOf((answer.predictions ?? answer.outputs?.[0]?.data) as readonly unknown[]), 1);
    if (performance.now() > deadline) throw new Error(`${contender.name} did not answer within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A label, or the place of the highest probability. */
function classOf(answer: readonly unknown[]): number {
  const values = answer.flat().map(Number);
  return values.length === 1 ? (values[0] as number) : values.indexOf(Math.max(...values));
}
