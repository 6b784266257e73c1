import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { type Client, credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { REPOSITORY } from './program';

interface Infer {
  (request: object, done: (error: Error | null, answer: GrpcAnswer) => void): void;
  requestSerialize(request: object): Buffer;
}
type InferenceClient = Client & { readonly ModelInfer: Infer };

export interface GrpcAnswer {
  readonly outputs: readonly { readonly contents?: Readonly<Record<string, readonly unknown[]>> }[];
  readonly raw_output_contents: readonly Buffer[];
}

/** A client of the Open Inference Protocol, made by gRPC's own library. */
export function inferenceClient(port: number): InferenceClient {
  const definition = loadSync(join(REPOSITORY, 'packages/runtime/proto/inference.proto'), { keepCase: true, longs: Number });
  const { inference } = loadPackageDefinition(definition) as unknown as { inference: { GRPCInferenceService: new (...args: unknown[]) => InferenceClient } };
  return new inference.GRPCInferenceService(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
}

export function inferOnce(client: InferenceClient, request: object): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => client.ModelInfer(request, (error, answer) => (error ? reject(error) : resolve(answer))));
}

/**
 * Requests a second with so many in flight on one connection. They are written by Node's HTTP/2 itself, the message made once:
 * gRPC's own library for Node needs several times the time that the server does.
 */
export async function runGrpcLoad(client: InferenceClient, port: number, request: object, inFlight: number, seconds: number): Promise<number> {
  const message = client.ModelInfer.requestSerialize(request);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  const frame = Buffer.concat([head, message]);
  const session = connect(`http://127.0.0.1:${port}`);
  await once(session, 'connect');
  const start = performance.now();
  const deadline = start + seconds * 1000;
  let answered = 0;
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (performance.now() < deadline) {
      await askOnce(session, frame);
      answered++;
    }
  }));
  const elapsed = (performance.now() - start) / 1000;
  session.close();
  return answered / elapsed;
}

const HEADERS = { ':method': 'POST', ':path': '/inference.GRPCInferenceService/ModelInfer', 'content-type': 'application/grpc', te: 'trailers' };

function askOnce(session: ClientHttp2Session, frame: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let status: unknown;
    const stream = session.request(HEADERS);
    stream.once('response', (headers) => (status = headers['grpc-status']));
    stream.once('trailers', (trailers) => (status = trailers['grpc-status']));
    stream.once('error', reject);
    stream.once('close', () => (status === '0' ? resolve() : reject(new Error(`gRPC status ${String(status)}`))));
    stream.resume();
    stream.end(frame);
  });
}
