import { join } from 'node:path';
import { type Client, credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { REPOSITORY } from './program';

type Infer = (request: object, done: (error: Error | null, answer: GrpcAnswer) => void) => void;
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

/** Requests a second with so many in flight on one connection. */
export async function runGrpcLoad(client: InferenceClient, request: object, inFlight: number, seconds: number): Promise<number> {
  const start = performance.now();
  const deadline = start + seconds * 1000;
  let answered = 0;
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (performance.now() < deadline) {
      await inferOnce(client, request);
      answered++;
    }
  }));
  return answered / ((performance.now() - start) / 1000);
}
