import { IsvcError, didYouMean } from 'cdk8s-kserve/api';
import type { Command, CommandContext } from '../cli/command';
import { isTrue, parseFlags } from '../cli/flags';
import { loadModel } from '../model/load-model';
import type { PredictMethod } from '../model/model';
import { type Log, stderrLog } from '../process/log';
import { SERVE_FLAGS, type ServeFlag } from './serve-flags';
import { SERVE_USAGE } from './serve-usage';
import type { ServerOptions } from './server-options';
import { startServer } from './start-server';
import { stopSignal } from '../process/stop-signal';

/** `isvc-runtime serve`: loads one model and serves it until a signal. */
export const serveCommand: Command = {
  usage: SERVE_USAGE,
  async run(args, context) {
    const started = performance.now();
    // From the first moment on: as process 1 of a container, Node would ignore SIGTERM without a handler.
    const stop = stopSignal();
    const log = stderrLog('isvc-runtime', context.env['KSERVE_LOGLEVEL']);
    const { modelDir, ...options } = optionsOf(args, context, log);
    const model = await loadModel(modelDir);
    const server = await startServer({ ...options, model, log });
    const early = stop.requested();
    if (early !== undefined) {
      await server.close();
      log.info(`${early} during the start: stopped`);
      return stop.exitCodeOf(early);
    }
    const ms = Math.round(performance.now() - started);
    log.info(`model ${options.modelName} (${model.estimator}, ${model.features} features) ready on port ${server.port} after ${ms} ms`);

    const signal = await stop.received;
    log.info(`${signal}: not ready any more, finishing running requests`);
    const cut = await server.close();
    if (cut > 0) log.warn(`${cut} connection(s) were still busy after the shutdown timeout and have been cut`);
    log.info('stopped');
    stop.dispose();
    return 0;
  },
};

type ServeOptions = Omit<ServerOptions, 'model' | 'log'> & { readonly modelDir: string };

function optionsOf(args: readonly string[], { env }: CommandContext, log: Log): ServeOptions {
  const { values, unknown } = parseFlags(args, SERVE_FLAGS);
  const text = (flag: ServeFlag): string => values.get(flag) ?? SERVE_FLAGS[flag].default;
  const modelDir = values.get('model_dir');
  if (modelDir === undefined) {
    const given = unknown.find((argument) => nearTo(argument.split('=', 1)[0] ?? '').includes('"--model_dir"'));
    const not = given === undefined ? '' : `, not ${given.split('=', 1)[0]}`;
    throw new IsvcError('ISVC_SERVER_OPTION', '--model_dir is required', { hint: `name the folder that holds the model file, such as --model_dir=/mnt/models${not}` });
  }
  if (unknown.some((argument) => argument.startsWith('--predictor_host'))) {
    throw new IsvcError('ISVC_SERVER_OPTION', '--predictor_host asks for a transformer, but this server is a predictor', { hint: 'remove the flag, or use an image of your transformer' });
  }
  logIgnored(unknown, values, log);
  const inCluster = env['KUBERNETES_SERVICE_HOST'] !== undefined;
  return {
    modelDir,
    modelName: text('model_name'),
    port: Number(text('http_port')),
    ...(values.has('host') ? { host: text('host') } : {}),
    method: methodOf(env),
    maxRequestBytes: Number(text('max_request_bytes')),
    keepAliveSeconds: Number(text('timeout-keep-alive')),
    drainDelaySeconds: Number(values.get('drain_delay_seconds') ?? (inCluster ? 5 : 0)),
    shutdownTimeoutSeconds: Number(text('shutdown_timeout_seconds')),
    latencyLogging: isTrue(text('enable_latency_logging')),
  };
}

/** Environment variables that ask for another answer than the prediction; the first is KServe's. */
const METHOD_VARIABLES = { PREDICT_PROBA: 'predict_proba', DECISION_FUNCTION: 'decision_function', TRANSFORM: 'transform' } as const;

function methodOf(env: CommandContext['env']): PredictMethod {
  for (const [name, method] of Object.entries(METHOD_VARIABLES)) {
    if (env[name]?.toLowerCase() === 'true') return method;
  }
  return 'predict';
}

/** One line for everything without effect, so that nobody wonders, and no more than one. */
function logIgnored(unknown: readonly string[], values: ReadonlyMap<string, string>, log: Log): void {
  const flags: Readonly<Record<string, { readonly unused?: true; readonly help: string }>> = SERVE_FLAGS;
  const unused = [...values.keys()].filter((name) => flags[name]?.unused).map((name) => `--${name} (${flags[name]?.help})`);
  // Names only: the value of a flag we do not know may be a secret.
  const names = [...new Set(unknown.filter((argument) => argument.startsWith('-')).map((argument) => argument.split('=', 1)[0] ?? ''))];
  const all = [...unused, ...names.map((name) => `${name} (unknown${nearTo(name)})`)];
  if (all.length > 0) log.info(`ignored: ${all.join(', ')}`);
}

function nearTo(name: string): string {
  const near = didYouMean(name, Object.keys(SERVE_FLAGS).map((flag) => `--${flag}`));
  return near === undefined ? '' : `, ${near}?`;
}
