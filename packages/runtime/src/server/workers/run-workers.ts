import cluster, { type Worker } from 'node:cluster';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { Log } from '../../process/log';
import type { StopSignal } from '../../process/stop-signal';
import { RUNTIME_BIN } from '../../runtime-bin';
import { collectScrapes } from './collect-scrapes';
import type { FromWorker } from './messages';
import { tellWorker } from './tell-worker';

/**
 * Serves one port from several processes: each loads the models, connections go to them in turn. A worker that ends
 * before it was ready ends all; one that ends later is replaced. When this process dies, Node ends the workers with it.
 *
 * @param args command line of each worker.
 * @returns the exit code.
 * @throws IsvcError ISVC_SERVER_WORKER where a worker does not get ready; its own line says why.
 */
export async function runWorkers(count: number, args: readonly string[], stop: StopSignal, log: Log): Promise<number> {
  const began = performance.now();
  cluster.setupPrimary({ exec: RUNTIME_BIN, args: ['serve', ...args] });
  const workers = new Set<Worker>();
  const scrapes = collectScrapes(workers);
  let stopping = false;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  const startOne = async (): Promise<number> => {
    const worker = cluster.fork();
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
    worker.on('message', (message: FromWorker) => scrapes(worker, message));
    const port = await readyPort(worker);
    worker.once('exit', (code: number | null, signal: string | null) => {
      if (stopping) return;
      log.error(`a worker ended with ${code ?? signal}; a new one starts`);
      startOne().then(() => log.info('the new worker is ready'), fail);
    });
    return port;
  };
  try {
    const allReady = Promise.all(Array.from({ length: count }, startOne));
    const ports = await Promise.race([allReady, stop.received.then(() => undefined)]);
    if (ports) log.info(`${count} workers ready on port ${ports[0]} after ${Math.round(performance.now() - began)} ms`);
    else allReady.catch(() => {});
    const signal = await Promise.race([stop.received, failed]);
    log.info(`${signal}: stopping ${workers.size} workers`);
    return ports ? 0 : stop.exitCodeOf(signal);
  } catch (error) {
    log.error(`all workers stop: ${messageOf(error)}`);
    throw error;
  } finally {
    stopping = true;
    await Promise.all([...workers].map(stopWorker));
    stop.dispose();
  }
}

function readyPort(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'ready') resolve(message.port);
    });
    worker.once('exit', (code: number | null, signal: string | null) =>
      reject(new IsvcError('ISVC_SERVER_WORKER', `a worker ended with ${code ?? signal} before it was ready`, { hint: 'its own line above says why' })));
  });
}

/** By message, not by signal: a terminal sends its signals to workers as well, and a second one would cut their requests. */
function stopWorker(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    if (worker.isDead()) resolve();
    else if (worker.isConnected()) tellWorker(worker, { type: 'stop' });
    else worker.process.kill('SIGTERM');
  });
}
