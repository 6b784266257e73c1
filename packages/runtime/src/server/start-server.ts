import type { AddressInfo, Server as NetServer } from 'node:net';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { silentLog } from '../process/log';
import { ModelRepository } from '../model/model-repository';
import { ServerMetrics } from '../metrics/server-metrics';
import { drain } from './drain';
import { createEdge } from './edge/edge';
import { openEdge } from './edge/open-edge';
import type { ServerState } from '../protocols/protocol';
import type * as grpcModule from './grpc/grpc-port';
import type { GrpcPort } from './grpc/grpc-port';
import type { GrpcStreamOptions } from './grpc/grpc-stream';
import { RequestQueue } from './schedule/request-queue';
import { createRequestListener } from './request-listener';
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
  const state = { models: repository.models, repository, metrics, docs: options.docs ?? false, repositoryApi: options.repositoryApi ?? false, draining: false, ...(options.scrapeAll ? { scrapeAll: options.scrapeAll } : {}) };

  const shared = {
    requestTimeoutMs: options.requestTimeoutSeconds === undefined ? undefined : options.requestTimeoutSeconds * 1000,
    queue: options.queue && new RequestQueue({ ...options.queue, waited: metrics.queueWait }),
    log,
  };
  const listener = createRequestListener(state, { ...shared, maxRequestBytes: options.maxRequestBytes ?? 64 * 1024 * 1024, offload: options.offload });
  const edge = openEdge(options, log);
  const transport = createTransport(createEdge(listener, edge), options, log);
  const { server } = transport;
  const closeAll = async (): Promise<void> => {
    transport.close();
    metrics.close();
    await edge.close();
  };
  const port = await listen(server, options.port ?? 0, options.host).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  const grpc = options.grpc && await openGrpc(state, options, shared).catch(async (error: unknown) => {
    server.close();
    await closeAll();
    throw error;
  });

  let closing: Promise<number> | undefined;
  const close = async (): Promise<number> => {
    // KServe differs: its readiness holds until the port closes.
    state.draining = true;
    await delay((options.drainDelaySeconds ?? 0) * 1000);
    const timeoutMs = (options.shutdownTimeoutSeconds ?? 20) * 1000;
    const [cut] = await Promise.all([drain(server, timeoutMs), grpc?.drain(timeoutMs)]);
    await closeAll();
    await repository.close();
    return cut;
  };
  return { port, ...(grpc ? { grpcPort: grpc.port } : {}), close: () => (closing ??= close()) };
}

/** KServe's limit of a message, in both directions. */
const GRPC_MESSAGE_BYTES = 8 * 1024 * 1024;

function openGrpc(state: ServerState, { grpc, host }: ServerOptions, shared: Omit<GrpcStreamOptions, 'maxReceiveBytes' | 'maxSendBytes'>): Promise<GrpcPort> {
  // HTTP/2 is not loaded where nobody wants it: it costs time at the start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { openGrpcPort } = require('./grpc/grpc-port') as typeof grpcModule;
  return openGrpcPort(state, grpc?.port ?? 0, host, { ...shared, maxReceiveBytes: grpc?.maxReceiveBytes ?? GRPC_MESSAGE_BYTES, maxSendBytes: grpc?.maxSendBytes ?? GRPC_MESSAGE_BYTES });
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
