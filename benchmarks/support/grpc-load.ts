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

/** A message as gRPC sends it: five bytes of its length before it. */
export function messageOf(client: InferenceClient, request: object): Buffer {
  const message = client.ModelInfer.requestSerialize(request);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
