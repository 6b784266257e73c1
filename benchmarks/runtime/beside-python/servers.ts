import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../../scripts/support/free-ports.cjs';
import { memoryOfTree } from '../../support/process-tree';
import { REPOSITORY } from '../../support/program';
import { CONSTANT, MODELS } from './requests';

/** The core that servers run on; the load runs on the other. */
const SERVER_CORE = '0';

export interface Ports {
  readonly http: number;
  readonly grpc: number;
}

/** A server that is measured. */
export interface Contender {
  readonly name: string;
  /** What of the protocols it has. */
  readonly serves: { readonly v1: boolean; readonly models: readonly string[] };
  /** @param model folder of the model. @param scratch folder for files of its own. */
  command(model: string, ports: Ports, scratch: string): readonly string[];
}

export interface RunningContender {
  readonly contender: Contender;
  readonly ports: Ports;
  readonly spawnedAt: number;
  /** MiB of all its processes, shared pages counted once. */
  memory(): number;
  stop(): Promise<void>;
}

export const OURS: Contender = {
  name: 'isvc-runtime',
  serves: { v1: true, models: [...MODELS, CONSTANT] },
  command: (model, { http, grpc }) => [process.execPath, join(REPOSITORY, 'packages/runtime/bin/isvc-runtime.js'), 'serve', '--model_name=m', `--model_dir=${model}`, `--http_port=${http}`, `--grpc_port=${grpc}`],
};

/** What Node's own start and a server on `node:http` take; it knows one answer. */
export const BARE: Contender = {
  name: 'node:http',
  serves: { v1: true, models: [] },
  command: (_model, { http }) => [process.execPath, '-e', `require('node:http').createServer((request, response) => request.resume().on('end', () => response.writeHead(200, { 'content-length': 19 }).end('{"predictions":[1]}'))).listen(${http})`],
};

export function kserve(python: string): Contender {
  return { name: 'KServe', serves: { v1: true, models: MODELS }, command: (model, { http, grpc }) => [python, join(__dirname, 'kserve-server.py'), model, String(http), String(grpc)] };
}

export function mlserver(python: string): Contender {
  return {
    name: 'MLServer',
    serves: { v1: false, models: ['svc', 'forest'] },
    command(model, { http, grpc }, scratch) {
      mkdirSync(scratch, { recursive: true });
      // In the server's own process, as its documentation advises where there is one core.
      writeFileSync(join(scratch, 'settings.json'), JSON.stringify({ host: '127.0.0.1', http_port: http, grpc_port: grpc, metrics_endpoint: null, parallel_workers: 0, debug: false, logging_settings: null }));
      writeFileSync(join(scratch, 'model-settings.json'), JSON.stringify({ name: 'm', implementation: 'mlserver_sklearn.SKLearnModel', parameters: { uri: join(model, 'model.joblib') } }));
      return [join(python, '../mlserver'), 'start', scratch];
    },
  };
}

/** Starts a server on its core; it may not answer yet. */
export async function start(contender: Contender, model: string, scratch: string): Promise<RunningContender> {
  const [http = 0, grpc = 0] = await freePorts(2);
  const ports = { http, grpc };
  const command = contender.command(model, ports, scratch);
  const spawnedAt = performance.now();
  const child: ChildProcess = spawn('taskset', ['-c', SERVER_CORE, ...command], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  return {
    contender, ports, spawnedAt,
    memory: () => memoryOfTree(child.pid ?? 0),
    async stop() {
      child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(deadline);
    },
  };
}
