import type { Flag } from '../cli/flags';
import { COMPRESS_MIN_BYTES } from './encode-body';

const text = (help: string, value = ''): Flag => ({ kind: 'text', default: value, help });
const unused = (kind: Flag['kind'], why: string): Flag => ({ kind, default: '', help: why, unused: true });

const PREDICTOR_PROTOCOLS = ['v1', 'v2', 'grpc-v2'];
const NO_PYTHON = 'tunes Python';

/**
 * The flags of `isvc-runtime serve`. Names, defaults and value forms are KServe's; those after `host` are ours. The
 * unused ones are listed so that their values do not look like unknown words and a typo in them is still caught.
 */
export const SERVE_FLAGS = {
  model_name: text('name of the model in URLs', 'model'),
  model_dir: text('the model file, its folder, or a folder of models (required without --model_module)'),
  model_module: text('JavaScript module of a model of your own, in place of --model_dir'),
  predictor_host: text('host[:port] of the service behind a transformer; needs --model_module'),
  predictor_protocol: { kind: 'text', default: 'v1', choices: PREDICTOR_PROTOCOLS, help: 'what that service speaks; --protocol means the same' },
  predictor_use_ssl: { kind: 'boolean', default: 'false', help: 'speak TLS to it; authorities from REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE' },
  predictor_request_timeout_seconds: { kind: 'seconds', default: '600', help: 'time for an answer of it, with repetitions' },
  predictor_request_retries: { kind: 'integer', default: '0', help: 'repetitions after failures that certainly had no effect' },
  enable_predictor_health_check: { kind: 'switch', default: 'false', help: 'ready only while that service is' },
  protocol: { kind: 'text', default: '', choices: PREDICTOR_PROTOCOLS, help: 'older name of --predictor_protocol' },
  http_port: { kind: 'integer', default: '8080', min: 0, max: 65535, help: 'port to listen on; 0 takes a free one and logs it' },
  'timeout-keep-alive': { kind: 'seconds', default: '65', help: 'seconds an idle client connection stays open' },
  http_fast_path: { kind: 'boolean', default: 'true', help: 'answer plain HTTP/1.1 requests that arrive whole without the objects of node:http' },
  enable_latency_logging: { kind: 'boolean', default: 'false', help: 'one line per request with its phases in ms (KServe: true)' },
  host: text('address to listen on', 'all'),
  max_request_bytes: { kind: 'integer', default: String(64 * 1024 * 1024), min: 1, help: 'largest request body; more is answered with 413' },
  compress_min_bytes: { kind: 'integer', default: String(COMPRESS_MIN_BYTES), help: 'answers of this size are sent in gzip or deflate to clients that accept it, over gRPC to those whose request was; 0 is never' },
  drain_delay_seconds: {
    kind: 'seconds', default: '5 in a cluster, else 0', help: 'after SIGTERM: time with readiness failing but requests still accepted',
  },
  shutdown_timeout_seconds: { kind: 'seconds', default: '20', help: 'after that: time for running requests before the process exits anyway' },
  bearer_token_file: text('file of bearer tokens, one a line; clients need one of them, probes do not; read again when it changes'),
  tls_cert_file: text('PEM certificate chain; the port then speaks TLS; read again when it changes'),
  tls_key_file: text('PEM key of that certificate'),
  enable_docs_url: { kind: 'boolean', default: 'false', help: 'a page to try the models at /docs' },
  enable_repository_api: { kind: 'boolean', default: 'false', help: 'clients may list, load and unload models at /v2/repository and over gRPC; one process without --threads only' },
  access_log: { kind: 'boolean', default: 'false', help: 'one JSON line a request on standard output' },
  log_format: { kind: 'text', default: 'text', choices: ['text', 'json'], help: 'form of the log on standard error: text or json' },
  'enable-batcher': { kind: 'switch', default: 'false', help: 'predict rows of several requests together' },
  'max-batchsize': { kind: 'integer', default: '32', min: 1, help: 'rows that make a batch go at once' },
  'max-latency': { kind: 'integer', default: '5', help: 'milliseconds the first request of a batch waits for others (KServe: 5000)' },
  threads: { kind: 'integer', default: '0', max: 64, help: 'threads, each with the models in memory, for large bodies, models that take long, and models of your own' },
  max_concurrency: { kind: 'integer', default: '0', help: 'requests worked on at once; 0 is no limit' },
  max_queue: { kind: 'integer', default: '100', help: 'requests that may wait beyond that; more are answered with 503 and Retry-After' },
  request_timeout_seconds: { kind: 'seconds', default: '0', help: 'time for a request, then 504; 0 is no limit; clients ask for less by x-request-timeout-ms' },
  otlp_endpoint: text('OpenTelemetry collector that gets a span a request (OTLP over HTTP), such as http://collector:4318; also OTEL_EXPORTER_OTLP_ENDPOINT'),
  workers: { kind: 'integer', default: '1', min: 1, max: 256, help: 'processes that serve the port, each with the models in memory' },
  nthread: unused('integer', 'one row is faster without threads'),
  max_threads: unused('integer', 'gRPC needs no threads'),
  max_asyncio_workers: unused('integer', NO_PYTHON),
  'event-loop': unused('text', NO_PYTHON),
  enable_grpc: { kind: 'boolean', default: 'true', help: 'HTTP/2, with gRPC, at the HTTP port, and at --grpc_port' },
  grpc_port: { kind: 'integer', default: '', min: 0, max: 65535, help: 'a port for gRPC beside the HTTP port; none without the flag (KServe: 8081)' },
  grpc_max_send_message_length: { kind: 'integer', default: '8388608', min: 1, help: 'largest gRPC answer in bytes' },
  grpc_max_receive_message_length: { kind: 'integer', default: '8388608', min: 1, help: 'largest gRPC message in bytes; more is RESOURCE_EXHAUSTED' },
  configure_logging: unused('boolean', NO_PYTHON),
  log_config_file: unused('text', NO_PYTHON),
  access_log_format: unused('text', 'see --access_log, whose lines are JSON'),
} satisfies Record<string, Flag>;

export type ServeFlag = keyof typeof SERVE_FLAGS;
