import { parseArgs } from 'node:util';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { lineLog, LOG_LEVELS, type LogLevel } from './engine/log';
import { HttpKubeApi } from './kube/http-kube-api';
import { loadConnection } from './kube/load-connection';
import { startController } from './reconcilers/start-controller';

const HELP = `isvc-controller: turns InferenceServices into Deployments, Services and routes, and reports their status

Usage: isvc-controller [options]

  --kubeconfig FILE   the cluster to work on (default: KUBECONFIG, the pod's service account, ~/.kube/config)
  --namespaces A,B    look after these namespaces only (default: all)
  --namespace NAME    where the ConfigMap inferenceservice-config is (default: POD_NAMESPACE, or kserve)
  --concurrency N     services worked on at once (default: 8)
  --log-level LEVEL   ${LOG_LEVELS.join(', ')} (default: info)
  --help              this text

It runs until SIGTERM or SIGINT, then finishes what is under way. Exit codes: 0 stopped, 1 failed, 2 wrong usage.
`;

const STOP_PATIENCE_MS = 15_000;

interface Settings {
  readonly kubeconfig: string | undefined;
  readonly namespaces: readonly string[] | undefined;
  readonly namespace: string;
  readonly concurrency: number;
  readonly logLevel: LogLevel;
}

/** Runs the controller as a program and resolves to its exit code. */
export async function runMain(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = parseSettings(args, env);
  } catch (error) {
    process.stderr.write(`isvc-controller: ${lineOf(error)}\n`);
    return 2;
  }
  if (!settings) {
    process.stdout.write(HELP);
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
  const { kubeconfig, namespaces, namespace, concurrency, logLevel } = settings;
  const signal = nextSignal();
  const log = lineLog(logLevel);
  const api = new HttpKubeApi(await loadConnection(kubeconfig === undefined ? {} : { kubeconfig }));
  const controller = startController({ api, log, namespace, concurrency, ...(namespaces ? { namespaces } : {}) });
  log.info('stopping', { signal: await signal });
  // A server that hangs must not hold us beyond the 30 s that a pod has to end: closing the client ends its requests.
  const giveUp = setTimeout(() => api.close(), STOP_PATIENCE_MS);
  await controller.stop();
  clearTimeout(giveUp);
  api.close();
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

/** Undefined when help is asked for. Throws `ISVC_CLI_USAGE`. */
export function parseSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings | undefined {
  const values = parseFlags(args);
  if (values.help) {
    return undefined;
  }
  const concurrency = Number(values.concurrency ?? 8);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw usage('--concurrency', `must be an integer >= 1, got ${JSON.stringify(values.concurrency)}`);
  }
  const logLevel = LOG_LEVELS.find((level) => level === (values['log-level'] ?? 'info'));
  if (!logLevel) {
    throw usage('--log-level', `must be one of ${LOG_LEVELS.join(', ')}, got ${JSON.stringify(values['log-level'])}`);
  }
  const namespaces = values.namespaces?.split(',').map((name) => name.trim());
  if (namespaces?.includes('')) {
    throw usage('--namespaces', `must be names separated by commas, got ${JSON.stringify(values.namespaces)}`);
  }
  return { kubeconfig: values.kubeconfig, namespaces, namespace: values.namespace ?? env['POD_NAMESPACE'] ?? 'kserve', concurrency, logLevel };
}

interface Flags {
  readonly kubeconfig?: string;
  readonly namespaces?: string;
  readonly namespace?: string;
  readonly concurrency?: string;
  readonly 'log-level'?: string;
  readonly help?: boolean;
}

function parseFlags(args: readonly string[]): Flags {
  try {
    return parseArgs({
      args: [...args],
      options: {
        kubeconfig: { type: 'string' },
        namespaces: { type: 'string' },
        namespace: { type: 'string' },
        concurrency: { type: 'string' },
        'log-level': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    throw new IsvcError('ISVC_CLI_USAGE', messageOf(cause), { hint: 'see isvc-controller --help', cause });
  }
}

function usage(flag: string, message: string): IsvcError {
  return new IsvcError('ISVC_CLI_USAGE', message, { path: flag, hint: 'see isvc-controller --help' });
}

function lineOf(error: unknown): string {
  return error instanceof IsvcError ? error.toLine() : error instanceof Error && error.stack ? error.stack : messageOf(error);
}
