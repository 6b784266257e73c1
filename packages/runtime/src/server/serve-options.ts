import { IsvcError, didYouMean } from 'cdk8s-kserve/api';
import type { EventOptions } from '../protocols/protocol';
import type { CommandContext } from '../cli/command';
import { type ParsedFlags, isTrue } from '../cli/flags';
import type { PredictMethod } from '../model/model';
import type { Log } from '../process/log';
import type { PredictorOptions } from '../own/predictor';
import type { TlsFiles } from './edge/tls';
import { predictorOptions } from './predictor-options';
import { SERVE_FLAGS, type ServeFlag } from './serve-flags';
import type { GrpcOptions, ServerOptions } from './server-options';

/** What the command line of `serve` says. */
export type ServeOptions = Omit<ServerOptions, 'model' | 'repository' | 'log'> & { readonly models: ServedFrom };

/** Where the models are: files of known formats, or a module of your own. */
export type ServedFrom = { readonly directory: string } | { readonly module: string; readonly predictor?: PredictorOptions };

/**
 * Makes the server's options of the command line and the environment.
 *
 * @throws IsvcError ISVC_SERVER_OPTION for whatever cannot be used.
 */
export function serveOptions({ values, unknown }: ParsedFlags, env: CommandContext['env'], log: Log): ServeOptions {
  const text = (flag: ServeFlag): string => values.get(flag) ?? SERVE_FLAGS[flag].default;
  const models = servedFrom(values, unknown, env);
  logIgnored(unknown, values, log);
  const inCluster = env['KUBERNETES_SERVICE_HOST'] !== undefined;
  const tls = tlsFiles(values);
  const bearerTokenFile = values.get('bearer_token_file');
  const otlpEndpoint = values.get('otlp_endpoint') ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return {
    models,
    modelName: text('model_name'),
    port: Number(text('http_port')),
    ...(values.has('host') ? { host: text('host') } : {}),
    method: methodOf(env),
    maxRequestBytes: Number(text('max_request_bytes')),
    compressMinBytes: Number(text('compress_min_bytes')),
    keepAliveSeconds: Number(text('timeout-keep-alive')),
    fastPath: isTrue(text('http_fast_path')),
    drainDelaySeconds: Number(values.get('drain_delay_seconds') ?? (inCluster ? 5 : 0)),
    shutdownTimeoutSeconds: Number(text('shutdown_timeout_seconds')),
    latencyLogging: isTrue(text('enable_latency_logging')),
    ...(isTrue(text('enable-batcher')) ? { batch: { maxBatchSize: Number(text('max-batchsize')), maxLatencyMs: Number(text('max-latency')) } } : {}),
    ...(Number(text('max_concurrency')) > 0 ? { queue: { concurrency: Number(text('max_concurrency')), limit: Number(text('max_queue')) } } : {}),
    ...(Number(text('request_timeout_seconds')) > 0 ? { requestTimeoutSeconds: Number(text('request_timeout_seconds')) } : {}),
    docs: isTrue(text('enable_docs_url')),
    repositoryApi: repositoryApiOf(text),
    events: eventsOf(env),
    grpc: grpcOf(values, text),
    ...(tls ? { tls } : {}),
    ...(bearerTokenFile ? { bearerTokenFile } : {}),
    ...(isTrue(text('access_log')) ? { accessLog: (line: string) => void process.stdout.write(`${line}\n`) } : {}),
    ...(otlpEndpoint ? { otlp: { endpoint: otlpEndpoint, serviceName: env['OTEL_SERVICE_NAME'] ?? text('model_name') } } : {}),
  };
}

function grpcOf(values: ParsedFlags['values'], text: (flag: ServeFlag) => string): GrpcOptions | false {
  if (!isTrue(text('enable_grpc'))) return false;
  return {
    ...(values.has('grpc_port') ? { port: Number(text('grpc_port')) } : {}),
    maxReceiveBytes: Number(text('grpc_max_receive_message_length')),
    maxSendBytes: Number(text('grpc_max_send_message_length')),
  };
}

/** A model that one process of several has unloaded would answer now and then. */
function repositoryApiOf(text: (flag: ServeFlag) => string): boolean {
  const enabled = isTrue(text('enable_repository_api'));
  if (enabled && (Number(text('workers')) > 1 || Number(text('threads')) > 0)) {
    throw new IsvcError('ISVC_SERVER_OPTION', '--enable_repository_api needs one process without threads', { hint: 'remove --workers and --threads, or scale by pods' });
  }
  return enabled;
}

function servedFrom(values: ParsedFlags['values'], unknown: readonly string[], env: CommandContext['env']): ServedFrom {
  const module = values.get('model_module');
  const predictor = predictorOptions(values, env);
  if (module !== undefined) return { module, ...(predictor ? { predictor } : {}) };
  if (predictor) {
    throw new IsvcError('ISVC_SERVER_OPTION', '--predictor_host asks for a transformer, but there is none', { hint: 'name it with --model_module, or remove the flag' });
  }
  return { directory: values.get('model_dir') ?? failForModelDir(unknown) };
}

function failForModelDir(unknown: readonly string[]): never {
  const given = unknown.find((argument) => nearTo(argument.split('=', 1)[0] ?? '').includes('"--model_dir"'));
  const not = given === undefined ? '' : `, not ${given.split('=', 1)[0]}`;
  throw new IsvcError('ISVC_SERVER_OPTION', '--model_dir is required', { hint: `name the folder that holds the model file, such as --model_dir=/mnt/models${not}` });
}

function tlsFiles(values: ParsedFlags['values']): TlsFiles | undefined {
  const cert = values.get('tls_cert_file');
  const key = values.get('tls_key_file');
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert === undefined && key === undefined) return undefined;
  throw new IsvcError('ISVC_SERVER_OPTION', `--tls_${cert ? 'cert' : 'key'}_file needs --tls_${cert ? 'key' : 'cert'}_file`, { hint: 'give both files, or none for plain HTTP' });
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

/** KServe's variables. */
function eventsOf({ CE_TYPE: type, CE_SOURCE: source, CE_MERGE: merge }: CommandContext['env']): EventOptions {
  return { ...(type ? { type } : {}), ...(source ? { source } : {}), merge: merge?.toLowerCase() === 'true' };
}
