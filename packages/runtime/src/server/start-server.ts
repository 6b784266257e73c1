import type { AddressInfo, Server as NetServer } from 'node:net';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { type Log, silentLog } from '../process/log';
import { ModelRepository } from '../model/model-repository';
import { ServerMetrics } from '../metrics/server-metrics';
import { drain } from './drain';
import { createEdge } from './edge/edge';
import { openEdge } from './edge/open-edge';
import { COMPRESS_MIN_BYTES } from './encode-body';
import type * as grpcPortModule from './grpc/grpc-port';
import type { GrpcPort } from './grpc/grpc-port';
import type { Http2Side } from './http2/http2-side';
import { lazyHttp2 } from './http2/lazy-http2';
import { RequestQueue } from './schedule/request-queue';
import { createRequestListeners } from './request-listener';
import { serveModel } from './serve-model';
import type { RunningServer, ServerOptions } from './server-options';
import { createTransport } from './transport';

/**
 * Serves loaded models. The port opens only now, so that a TCP probe is a readiness probe.
 *
 * @throws IsvcError ISVC_SERVER_PORT_IN_USE, ISVC_SERVER_OPTION for an address that cannot be listened on.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const log = options.log ?? silentLog;
  const metrics = options.metrics ?? new ServerMetrics();
  const repository = options.repository ?? ModelRepository.of(options.model ? [serveModel({ ...options, metrics })(options.modelName, options.model, undefined)] : []);
  const state = { models: repository.models, repository, metrics, docs: options.docs ?? false, repositoryApi: options.repositoryApi ?? false, draining: false, ...(options.events ? { events: options.events } : {}), ...(options.scrapeAll ? { scrapeAll: options.scrapeAll } : {}) };

  const shared = {
    requestTimeoutMs: options.requestTimeoutSeconds === undefined ? undefined : options.requestTimeoutSeconds * 1000,
    queue: options.queue && new RequestQueue({ ...options.queue, waited: metrics.queueWait }),
    compressMinBytes: options.compressMinBytes ?? COMPRESS_MIN_BYTES,
    log,
  };
  const edge = openEdge(options, log);
  const maxRequestBytes = options.maxRequestBytes ?? 64 * 1024 * 1024;
  const { arriving, whole } = createRequestListeners(state, { ...shared, maxRequestBytes, offload: options.offload });
  const listener = createEdge(arriving, edge);
  const http2 = options.grpc === false ? undefined : lazyHttp2(state, options.grpc ?? {}, listener, { ...shared, edge, elsewhere: options.offload });
  const transport = createTransport({ listener, whole: options.fastPath === false ? undefined : createEdge(whole, edge), http2: http2?.get }, { ...options, maxRequestBytes }, log);
  const { server } = transport;
  let grpc: GrpcPort | undefined;
  const closeAll = async (): Promise<void> => {
    transport.close();
    grpc?.close();
    metrics.close();
    await edge.close();
  };
  let port: number;
  try {
    port = await listen(server, options.port ?? 0, options.host);
    if (http2 && options.grpc && options.grpc.port !== undefined) grpc = await openGrpc(http2.get(), options.grpc.port, options, log);
  } catch (error) {
    server.close();
    await closeAll();
    throw error;
  }

  let closing: Promise<number> | undefined;
  const close = async (): Promise<number> => {
    // KServe differs: its readiness holds until the port closes.
    state.draining = true;
    await delay((options.drainDelaySeconds ?? 0) * 1000);
    http2?.opened?.drain();
    const cut = (): void => {
      http2?.opened?.cut();
      for (const socket of [...transport.sockets, ...(grpc?.sockets ?? [])]) socket.destroy();
    };
    const left = await drain({ http: server, grpc: grpc?.server, closeSilent: transport.closeSilent, cut }, (options.shutdownTimeoutSeconds ?? 20) * 1000);
    await closeAll();
    await repository.close();
    return left;
  };
  return { port, ...(grpc ? { grpcPort: grpc.port } : {}), close: () => (closing ??= close()) };
}

function openGrpc(http2: Http2Side, port: number, { host, tls }: ServerOptions, log: Log): Promise<GrpcPort> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { openGrpcPort } = require('./grpc/grpc-port') as typeof grpcPortModule;
  return openGrpcPort(http2, { port, host, tls, log });
}

function listen(server: NetServer, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)));
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => resolve((server.address() as AddressInfo).port));
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string | undefined): IsvcError {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE') {
    return new IsvcError('ISVC_SERVER_PORT_IN_USE', `port ${port} is taken by another process`, { hint: 'stop that process or choose another --http_port', ...cause });
  }
  if (error.code === 'EACCES') {
    return new IsvcError('ISVC_SERVER_OPTION', `port ${port} may not be used by this user`, { hint: 'choose an --http_port of 1024 or above', ...cause });
  }
  return new IsvcError('ISVC_SERVER_OPTION', `cannot listen on ${host ?? 'any address'}, port ${port}: ${messageOf(error)}`, { hint: 'check --host and --http_port', ...cause });
}

function delay(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
