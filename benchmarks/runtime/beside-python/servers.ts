import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePorts } from '../../../scripts/support/free-ports.cjs';
import { ownedProcess } from '../../support/owned';
import { residentMib } from '../../support/process-tree';
import { REPOSITORY } from '../../support/program';
import { CONSTANT, MODELS } from './requests';

/** The core that servers run on; the load runs on the other. */
const SERVER_CORE = '0';
const RUNTIME = join(REPOSITORY, 'packages/runtime');
const ECHO = join(REPOSITORY, 'benchmarks/support/echo-server.cjs');

export interface Ports {
  readonly http: number;
  readonly grpc: number;
}

/** A server that is measured. */
export interface Contender {
  readonly name: string;
  /** What of the protocols it has. */
  readonly serves: { readonly v1: boolean; readonly grpc: boolean; readonly models: readonly string[] };
  /** Whether it answers what it was asked, and knows no models. */
  readonly echoes: boolean;
  /** Files and folders that its start reads, besides the model and what every program of the machine shares. */
  readonly files: readonly string[];
  /** @param model folder of the model. @param scratch folder for files of its own. */
  command(model: string, ports: Ports, scratch: string): readonly string[];
}

export interface RunningContender {
  readonly contender: Contender;
  readonly ports: Ports;
  readonly spawnedAt: number;
  /** MiB; all of them are one process. */
  memory(): number;
  stop(): Promise<void>;
}

export function ours(node: string): Contender {
  return {
    name: 'isvc-runtime',
    serves: { v1: true, grpc: true, models: [...MODELS, CONSTANT] },
    echoes: false,
    files: [node, join(RUNTIME, 'bin'), join(RUNTIME, 'lib')],
    command: (model, { http, grpc }) => [node, join(RUNTIME, 'bin/isvc-runtime.js'), 'serve', '--model_name=m', `--model_dir=${model}`, `--http_port=${http}`, `--grpc_port=${grpc}`],
  };
}

/** A bare JSON echo on `node:http`: the most that any server on it can reach. */
export function echo(node: string): Contender {
  return {
    name: 'bare node:http echo',
    serves: { v1: true, grpc: false, models: ['svc'] },
    echoes: true,
    files: [node, ECHO],
    command: (_model, { http }) => [node, ECHO, String(http)],
  };
}

export function kserve(python: string): Contender {
  return {
    name: 'KServe',
    serves: { v1: true, grpc: true, models: MODELS },
    echoes: false,
    files: filesOf(python),
    command: (model, { http, grpc }) => [python, join(__dirname, 'kserve-server.py'), model, String(http), String(grpc)],
  };
}

export function mlserver(python: string): Contender {
  return {
    name: 'MLServer',
    serves: { v1: false, grpc: true, models: ['svc', 'forest'] },
    echoes: false,
    files: filesOf(python),
    command(model, { http, grpc }, scratch) {
      mkdirSync(scratch, { recursive: true });
      // In the server's own process, as its documentation advises where there is one core.
      writeFileSync(join(scratch, 'settings.json'), JSON.stringify({ host: '127.0.0.1', http_port: http, grpc_port: grpc, metrics_endpoint: null, parallel_workers: 0, debug: false, logging_settings: null }));
      writeFileSync(join(scratch, 'model-settings.json'), JSON.stringify({ name: 'm', implementation: 'mlserver_sklearn.SKLearnModel', parameters: { uri: join(model, 'model.joblib') } }));
      return [join(python, '../mlserver'), 'start', scratch];
    },
  };
}

/** The packages of a virtual environment; the interpreter and its library stay in memory, which is in its favour. */
function filesOf(python: string): readonly string[] {
  return [join(dirname(python), '../lib')];
}

/** Starts a server on its core; it may not answer yet. */
export async function start(contender: Contender, model: string, scratch: string): Promise<RunningContender> {
  const [http = 0, grpc = 0] = await freePorts(2);
  const ports = { http, grpc };
  const command = contender.command(model, ports, scratch);
  const spawnedAt = performance.now();
  const child = ownedProcess(spawn('taskset', ['-c', SERVER_CORE, ...command], { stdio: 'ignore' }));
  const exited = once(child, 'exit');
  return {
    contender, ports, spawnedAt,
    memory: () => residentMib(child.pid),
    async stop() {
      child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(deadline);
    },
  };
}
