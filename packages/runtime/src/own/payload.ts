import type { Tensor, V1Body } from '../model/tensor-model';

/** A V1 request: the JSON body as the client sent it; where it said `inputs`, they are the instances. */
export type V1Payload = V1Body;

/** A V2 request, over REST or gRPC. */
export interface V2Payload {
  readonly inputs: readonly Tensor[];
  readonly id?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Names of the outputs that were asked for. */
  readonly outputs?: readonly string[];
}

/** What a request carries; `'instances' in payload` tells V1 from V2. */
export type Payload = V1Payload | V2Payload;

/** A V1 answer; further members reach the client as they are. */
export interface V1Result {
  readonly predictions: readonly unknown[];
  readonly [key: string]: unknown;
}

/** A V2 answer. */
export interface V2Result {
  readonly outputs: readonly Tensor[];
}

/** Either form answers either protocol: tensors become rows and rows become a tensor where that is needed. */
export type Result = V1Result | V2Result;
