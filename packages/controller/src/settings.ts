import { parseArgs } from 'node:util';
import { IsvcError, didYouMean, messageOf } from 'cdk8s-kserve/api';
import { LOG_LEVELS, type LogLevel } from './engine/log';
import { DEFAULT_BUDGET, type BudgetLimit } from './reconcilers/rollout-budget';

const LOG_FORMATS = ['text', 'json'] as const;

export const HELP = `isvc-controller: turns InferenceServices into Deployments, Services and routes, and reports their status

Usage: isvc-controller [options]

  --kubeconfig FILE   the cluster to work on (default: KUBECONFIG, the pod's service account, ~/.kube/config)
  --namespaces A,B    look after these namespaces only (default: all)
  --namespace NAME    where the ConfigMap inferenceservice-config and the lease are (default: POD_NAMESPACE, or kserve)
  --concurrency N     services worked on at once (default: 8)
  --rollout-budget N  services that may restart at once to follow a change that is not theirs, such as an edited
                      runtime: a number, or a share like 10% (default: 10%, at least one)
  --leader-elect      work only while holding the Lease cdk8s-kserve-controller; for two and more replicas
  --listen HOST:PORT  answer /healthz, /readyz and /metrics there (default: nowhere)
  --log-level LEVEL   ${LOG_LEVELS.join(', ')} (default: info)
  --log-format FORMAT ${LOG_FORMATS.join(', ')} (default: text)
  --help, -h          this text
  --version, -V       print the version

Environment: KUBECONFIG and POD_NAMESPACE, as above.

It runs until SIGTERM or SIGINT, then finishes what is under way and gives the lease back. Exit codes: 0 stopped,
1 failed (also: the lease was lost), 2 wrong usage.
`;

export interface Settings {
  readonly kubeconfig: string | undefined;
  readonly namespaces: readonly string[] | undefined;
  readonly namespace: string;
  readonly concurrency: number;
  readonly rolloutBudget: BudgetLimit;
  readonly leaderElect: boolean;
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: (typeof LOG_FORMATS)[number];
}

/** The settings, or which text is asked for instead. Throws `ISVC_CLI_USAGE`. */
export function parseSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings | 'help' | 'version' {
  const values = parseFlags(args);
  if (values.help) {
    return 'help';
  }
  if (values.version) {
    return 'version';
  }
  const concurrency = Number(values.concurrency ?? 8);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw usage('--concurrency', `must be an integer >= 1, got ${JSON.stringify(values.concurrency)}`);
  }
  const logLevel = LOG_LEVELS.find((level) => level === (values['log-level'] ?? 'info'));
  if (!logLevel) {
    throw usage('--log-level', `must be one of ${LOG_LEVELS.join(', ')}, got ${JSON.stringify(values['log-level'])}`);
  }
  const logFormat = LOG_FORMATS.find((format) => format === (values['log-format'] ?? 'text'));
  if (!logFormat) {
    throw usage('--log-format', `must be one of ${LOG_FORMATS.join(', ')}, got ${JSON.stringify(values['log-format'])}`);
  }
  const namespaces = values.namespaces?.split(',').map((name) => name.trim());
  if (namespaces?.includes('')) {
    throw usage('--namespaces', `must be names separated by commas, got ${JSON.stringify(values.namespaces)}`);
  }
  return {
    kubeconfig: values.kubeconfig, namespaces, namespace: values.namespace ?? env['POD_NAMESPACE'] ?? 'kserve', concurrency,
    rolloutBudget: parseBudget(values['rollout-budget']), leaderElect: values['leader-elect'] ?? false, listen: values.listen === undefined ? undefined : parseListen(values.listen), logLevel, logFormat,
  };
}

function parseBudget(text: string | undefined): BudgetLimit {
  if (text === undefined) {
    return DEFAULT_BUDGET;
  }
  const [, digits = '', percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  const number = Number(digits);
  if (digits === '' || number < 1 || (percent === '%' && number > 100)) {
    throw usage('--rollout-budget', `must be an integer >= 1 or a share from 1% to 100%, got ${JSON.stringify(text)}`);
  }
  return percent === '%' ? { percent: number } : { count: number };
}

/** `HOST:PORT`, an IPv6 host in brackets; `:PORT` is every address. */
function parseListen(text: string): NonNullable<Settings['listen']> {
  const [, host = '', digits = ''] = /^(.*):(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) {
    throw usage('--listen', `must be HOST:PORT with a port from 0 to 65535, got ${JSON.stringify(text)}`);
  }
  return { host: host === '' ? '::' : host.replace(/^\[(.*)\]$/, '$1'), port };
}

interface Flags {
  readonly kubeconfig?: string;
  readonly namespaces?: string;
  readonly namespace?: string;
  readonly concurrency?: string;
  readonly 'rollout-budget'?: string;
  readonly 'leader-elect'?: boolean;
  readonly listen?: string;
  readonly 'log-level'?: string;
  readonly 'log-format'?: string;
  readonly help?: boolean;
  readonly version?: boolean;
}

const OPTIONS = {
  kubeconfig: { type: 'string' },
  namespaces: { type: 'string' },
  namespace: { type: 'string' },
  concurrency: { type: 'string' },
  'rollout-budget': { type: 'string' },
  'leader-elect': { type: 'boolean' },
  listen: { type: 'string' },
  'log-level': { type: 'string' },
  'log-format': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

function parseFlags(args: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    throw new IsvcError('ISVC_CLI_USAGE', messageOf(cause).split('. ')[0] ?? '', { hint: meant(args) ?? 'see isvc-controller --help', cause });
  }
}

/** The flag that the first unknown one most likely is. */
function meant(args: readonly string[]): string | undefined {
  const known = Object.keys(OPTIONS).map((name) => `--${name}`);
  const typo = args.map((a) => a.split('=')[0] ?? a).find((a) => a.startsWith('--') && !known.includes(a));
  return typo === undefined ? undefined : didYouMean(typo, known);
}

function usage(flag: string, message: string): IsvcError {
  return new IsvcError('ISVC_CLI_USAGE', message, { path: flag, hint: 'see isvc-controller --help' });
}
