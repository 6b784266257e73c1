import { isMainThread } from 'node:worker_threads';
import type { Command } from '../cli/command';
import { parseFlags } from '../cli/flags';
import type * as expositionModule from '../metrics/exposition';
import { ServerMetrics } from '../metrics/server-metrics';
import { ModelRepository } from '../model/model-repository';
import { openRepository } from '../model/open-repository';
import { takesTensors } from '../model/tensor-model';
import type * as ownModule from '../own/index';
import { type LogFormat, silentLog, stderrLog } from '../process/log';
import { stopSignal } from '../process/stop-signal';
import { SERVE_FLAGS } from './serve-flags';
import { serveModel } from './serve-model';
import { type ServedFrom, serveOptions } from './serve-options';
import { SERVE_USAGE } from './serve-usage';
import type { ServerOptions } from './server-options';
import { startServer } from './start-server';
import type * as threadsModule from './threads/index';
import type { ThreadPool } from './threads/thread-pool';
import type * as runWorkersModule from './workers/run-workers';
import type * as workerSideModule from './workers/worker-side';
import type { WorkerSide } from './workers/worker-side';

/** `isvc-runtime serve`: loads one model and serves it until a signal. */
export const serveCommand: Command = {
  usage: SERVE_USAGE,
  async run(args, context) {
    const started = performance.now();
    // From the first moment on: as process 1 of a container, Node would ignore SIGTERM without a handler.
    const stop = stopSignal();
    const flags = parseFlags(args, SERVE_FLAGS);
    const log = stderrLog('isvc-runtime', context.env['KSERVE_LOGLEVEL'], flags.values.get('log_format') as LogFormat | undefined);
    // What there is to say of the command line, the main thread has said.
    const { models, ...options } = serveOptions(flags, context.env, isMainThread ? log : silentLog);
    const workers = isMainThread ? Number(flags.values.get('workers') ?? 1) : 1;
    const inWorker = workers > 1 && isWorker();
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    if (workers > 1 && !inWorker) return (require('./workers/run-workers') as typeof runWorkersModule).runWorkers(workers, args, stop, log);
    const all = { ...options, metrics: new ServerMetrics(), log };
    const repository = await openModels(models, all);
    if (!isMainThread) return await threadParts().runThread({ models: repository.models, repository, draining: false, ...(options.events ? { events: options.events } : {}) }, log);
    const pool = await startThreads(Number(flags.values.get('threads') ?? 0), args);
    const snapshot = async (): Promise<readonly object[]> => [...(await snapshotOf(repository, all.metrics)), ...((await pool?.snapshot()) ?? [])];
    const side = inWorker ? joinWorkers(snapshot) : undefined;
    const scrapeAll = side?.scrape ?? (pool && (async () => [await snapshot()]));
    const offload = pool && threadParts().createOffload({ pool, always: 'module' in models });
    const server = await startServer({ ...all, repository, ...(scrapeAll ? { scrapeAll } : {}), ...(offload ? { offload } : {}) });
    side?.ready(server.port);
    const early = stop.requested();
    if (early !== undefined) {
      await server.close();
      log.info(`${early} during the start: stopped`);
      return stop.exitCodeOf(early);
    }
    const ms = Math.round(performance.now() - started);
    log.info(`${readyLine(repository)} ready on port ${server.port}${server.grpcPort === undefined ? '' : `, for gRPC also on port ${server.grpcPort}`} after ${ms} ms`);
    for (const { name, state, reason } of repository.index()) if (state !== 'READY') log.warn(`model ${name} is not ready: ${reason}`);

    const signal = await stop.received;
    log.info(`${signal}: not ready any more, finishing running requests`);
    const cut = await server.close();
    await pool?.close();
    if (cut > 0) log.warn(`${cut} connection(s) were still busy after the shutdown timeout and have been cut`);
    log.info('stopped');
    stop.dispose();
    return 0;
  },
};

/* eslint-disable @typescript-eslint/no-require-imports -- most servers are one process and are asked for metrics later. */
function isWorker(): boolean {
  return (require('node:cluster') as { readonly isWorker: boolean }).isWorker;
}

function joinWorkers(snapshot: () => Promise<readonly object[]>): WorkerSide {
  return (require('./workers/worker-side') as typeof workerSideModule).workerSide(snapshot);
}

function threadParts(): typeof threadsModule {
  return require('./threads/index') as typeof threadsModule;
}

function startThreads(count: number, args: readonly string[]): Promise<ThreadPool> | undefined {
  return count > 0 ? threadParts().ThreadPool.start(count, args) : undefined;
}

function snapshotOf({ models }: ModelRepository, metrics: ServerMetrics): Promise<readonly object[]> {
  return (require('../metrics/exposition') as typeof expositionModule).expositionOf(models, metrics).snapshot();
}
/* eslint-enable @typescript-eslint/no-require-imports */

async function openModels(models: ServedFrom, options: ServerOptions): Promise<ModelRepository> {
  if ('directory' in models) return openRepository(models.directory, options.modelName, serveModel(options));
  // Loaded only where there is one: most servers have no client in them.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const own = require('../own/index') as typeof ownModule;
  return ModelRepository.of([await own.serveCustomModel(options.modelName, await own.loadCustomModel(models.module), models.predictor)]);
}

function readyLine(repository: ModelRepository): string {
  const all = repository.index();
  const [only] = repository.models.values();
  if (all.length !== 1 || !only) return `${all.filter(({ state }) => state === 'READY').length} of ${all.length} models`;
  const { name, model } = only;
  const size = takesTensors(model) ? `${model.platform}` : `${model.features} features`;
  return `model ${name} (${model.estimator}, ${size})`;
}
