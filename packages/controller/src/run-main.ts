import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { jsonLog, lineLog } from './engine/log';
import { HttpKubeApi } from './kube/http-kube-api';
import { loadConnection } from './kube/load-connection';
import { electLeader } from './leader/elect-leader';
import { fencedKubeApi } from './leader/fenced-kube-api';
import { startController, type RunningController } from './reconcilers/start-controller';
import { ControllerMetrics } from './serve/controller-metrics';
import { serveHealth } from './serve/serve-health';
import { HELP, parseSettings, type Settings } from './settings';
import { VERSION } from './version';

const STOP_PATIENCE_MS = 15_000;
const LEASE_NAME = 'cdk8s-kserve-controller';

/** Runs the controller as a program and resolves to its exit code. */
export async function runMain(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  let settings: ReturnType<typeof parseSettings>;
  try {
    settings = parseSettings(args, env);
  } catch (error) {
    process.stderr.write(`isvc-controller: ${lineOf(error)}\n`);
    return 2;
  }
  if (typeof settings === 'string') {
    process.stdout.write(settings === 'help' ? HELP : `${VERSION}\n`);
    return 0;
  }
  try {
    await runUntilSignal(settings);
    return 0;
  } catch (error) {
    process.stderr.write(`isvc-controller: ${lineOf(error)}\n`);
    return error instanceof IsvcError && error.code === 'ISVC_KUBE_CONFIG' ? 2 : 1;
  }
}

async function runUntilSignal(settings: Settings): Promise<void> {
  const { kubeconfig, namespaces, namespace, concurrency, rolloutBudget, logLevel, logFormat, listen, leaderElect } = settings;
  const stop = new AbortController();
  const log = (logFormat === 'json' ? jsonLog : lineLog)(logLevel);
  const api = new HttpKubeApi(await loadConnection(kubeconfig === undefined ? {} : { kubeconfig }));
  const metrics = new ControllerMetrics();
  let controller: RunningController | undefined;
  let started = false;
  let standingBy = leaderElect;
  metrics.gauge('isvc_controller_leading', '1 while this replica does the work.', () => (controller ? 1 : 0));

  async function lead(signal: AbortSignal, holds: () => boolean = () => true): Promise<void> {
    controller = startController({ api: fencedKubeApi(api, holds), log, namespace, concurrency, rolloutBudget, metrics, ...(namespaces ? { namespaces } : {}) });
    standingBy = false;
    void controller.ready.then(() => (started = true));
    await aborted(signal);
    await controller.stop();
    controller = undefined;
  }

  const health = listen && await serveHealth({
    ...listen, metrics,
    alive: () => true,
    waitsFor: () => (started || standingBy ? undefined : 'waits for the first lists of what it watches'),
  });
  void nextSignal().then((signal) => {
    log.info('stopping', { signal });
    // A server that hangs must not hold us beyond the 30 s that a pod has to end: closing the client ends its requests.
    setTimeout(() => api.close(), STOP_PATIENCE_MS).unref();
    stop.abort();
  });
  try {
    await (leaderElect
      ? electLeader({ api, log, namespace, name: LEASE_NAME, identity: `${hostname()}_${randomBytes(4).toString('hex')}`, lead, signal: stop.signal })
      : lead(stop.signal));
  } finally {
    await health?.close();
    api.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The first signal asks for a graceful stop; a second one finds no listener any more and ends the process. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    const listener = (name: NodeJS.Signals): void => {
      process.off('SIGTERM', listener).off('SIGINT', listener);
      resolve(name);
    };
    process.on('SIGTERM', listener).on('SIGINT', listener);
  });
}

function lineOf(error: unknown): string {
  return error instanceof IsvcError ? error.toLine() : error instanceof Error && error.stack ? error.stack : messageOf(error);
}
