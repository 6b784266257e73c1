import { join } from 'node:path';
import { type ChannelCredentials, type Client, Metadata, type ServiceError, credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { PATIENCE_MS } from '../../../../test/support/until';

type Call = (request: object, metadata: Metadata, options: object, done: (error: ServiceError | null, answer: unknown) => void) => void;
export interface Inference extends Client {
  ModelStreamInfer(): NodeJS.ReadWriteStream & { cancel(): void };
}
export interface GrpcAskOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Milliseconds from now. */
  readonly timeoutMs?: number;
}

const definition = loadSync(join(__dirname, '../../proto/inference.proto'), { keepCase: true, longs: Number });
const Service = (loadPackageDefinition(definition) as unknown as { inference: { GRPCInferenceService: new (...args: unknown[]) => Inference } }).inference.GRPCInferenceService;

const clients: Client[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.close()));

/** A real gRPC client, closed after the test. */
export function connectGrpc(port: number | undefined, options: object = {}, secure: ChannelCredentials = credentials.createInsecure()): Inference {
  const client = new Service(`127.0.0.1:${port}`, secure, { 'grpc.use_local_subchannel_pool': 1, ...options });
  clients.push(client);
  return client;
}

export function askGrpc(client: Client, method: string, request: object, { metadata = {}, timeoutMs = PATIENCE_MS }: GrpcAskOptions = {}): Promise<unknown> {
  const headers = new Metadata();
  for (const [key, value] of Object.entries(metadata)) headers.set(key, value);
  return new Promise((resolve, reject) => (client as unknown as Record<string, Call>)[method]?.call(client, request, headers, { deadline: Date.now() + timeoutMs }, (error, answer) => (error ? reject(error) : resolve(answer))));
}

/** A call of any method with messages as bytes. */
export function askRaw(client: Client, path: string, message: Buffer): Promise<Buffer | undefined> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve, reject) => client.makeUnaryRequest(path, asIs, asIs, message, (error, value) => (error ? reject(error) : resolve(value))));
}

const input = { name: 'input-0', datatype: 'FP32', shape: [1, 4], contents: { fp32_contents: [1, 2, 3, 4] } };
/** What the fake model answers with 10. */
export const INFER = { model_name: 'sk', id: '7', inputs: [input] };
export const ANSWER = { model_name: 'sk', outputs: [{ name: 'output-0', contents: { int64_contents: [10] } }] };
