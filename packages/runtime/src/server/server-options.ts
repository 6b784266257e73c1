import type { Log } from '../process/log';
import type { Model, PredictOptions } from '../model/model';
import type { ModelRepository } from '../model/model-repository';
import type { ServerMetrics } from '../metrics/server-metrics';
import type { EventOptions } from '../protocols/protocol';
import type { TlsFiles } from './edge/tls';
import type { Offload } from './threads/offload';

/** Everything a running server needs to know; there is no other configuration. */
export interface ServerOptions {
  /** Name of the model in URLs. */
  readonly modelName: string;
  /** The only model. @default - those of `repository` */
  readonly model?: Model;
  /** Several models, or one that can be loaded again; it is closed with the server. @default - `model` alone */
  readonly repository?: ModelRepository;
  /** @default 0 - a free port, see `RunningServer.port` */
  readonly port?: number;
  /** @default - all addresses, IPv6 too where the machine has it */
  readonly host?: string;
  /** What a prediction is; `predict_proba` falls back to `predict` for a model without probabilities. @default 'predict' */
  readonly method?: NonNullable<PredictOptions['method']>;
  /** @default 64 MiB */
  readonly maxRequestBytes?: number;
  /** Size in bytes from which answers are compressed for clients that ask for it; 0 is never. @default 16 KiB */
  readonly compressMinBytes?: number;
  /** @default 65 */
  readonly keepAliveSeconds?: number;
  /** Answer plain requests that arrive whole without `node:http`, which all else goes to. @default true */
  readonly fastPath?: boolean;
  /** Time between failing readiness and refusing connections. @default 0 */
  readonly drainDelaySeconds?: number;
  /** Time for running requests after that; then their connections are cut. @default 20 */
  readonly shutdownTimeoutSeconds?: number;
  /** One log line per inference request with its phases. @default false */
  readonly latencyLogging?: boolean;
  /** Speak TLS with this certificate; it is read again when it changes. @default - plain HTTP */
  readonly tls?: TlsFiles;
  /** File of bearer tokens, one a line, of which clients need one. @default - everybody may ask */
  readonly bearerTokenFile?: string;
  /** Gets one JSON line a request. @default - no access log */
  readonly accessLog?: (line: string) => void;
  /** OpenTelemetry collector that gets a span a request. @default - no spans; `traceparent` is passed on as it came */
  readonly otlp?: { readonly endpoint: string; readonly serviceName: string };
  /** Show a page to try the models at `/docs`. @default false */
  readonly docs?: boolean;
  /** HTTP/2, with gRPC, at the HTTP port; `false` is HTTP/1 alone. @default {} */
  readonly grpc?: GrpcOptions | false;
  /** Clients may list, load and unload models. @default false */
  readonly repositoryApi?: boolean;
  /** Attributes of the CloudEvents that answer CloudEvents. @default {} */
  readonly events?: EventOptions;
  /** Threads for requests that would keep the event loop. @default - none */
  readonly offload?: Offload;
  /** Joins rows of requests that come within `maxLatencyMs` into batches of up to `maxBatchSize` rows. @default - no batches */
  readonly batch?: { readonly maxBatchSize: number; readonly maxLatencyMs: number };
  /** Requests worked on at once, and how many more may wait before 503. @default - no limit */
  readonly queue?: { readonly concurrency: number; readonly limit: number };
  /** Time for a request, then 504; clients may ask for less by `x-request-timeout-ms`. @default - as long as it takes */
  readonly requestTimeoutSeconds?: number;
  /** Metrics of this server and the others of the same port. @default - there are no others */
  readonly scrapeAll?: () => Promise<readonly (readonly object[])[]>;
  /** Where this server counts. @default - in metrics of its own */
  readonly metrics?: ServerMetrics;
  /** @default - silent */
  readonly log?: Log;
}

export interface GrpcOptions {
  /** A port of its own beside the HTTP port; 0 takes a free one. @default - none */
  readonly port?: number;
  /** Time after which a connection without calls is closed. @default 300 */
  readonly idleSeconds?: number;
  /** Largest message of a client. @default 8 MiB */
  readonly maxReceiveBytes?: number;
  /** Largest message to a client. @default 8 MiB */
  readonly maxSendBytes?: number;
}

export interface RunningServer {
  /** The port it really listens on. */
  readonly port: number;
  /** gRPC's own port. @default - none */
  readonly grpcPort?: number;
  /**
   * Drains: readiness fails, requests already sent are answered, then the port is closed. Safe to call twice.
   *
   * @returns how many connections had to be cut because their time was up.
   */
  close(): Promise<number>;
}
