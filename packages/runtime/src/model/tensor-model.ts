import type { Datatype, Model, TensorSpec } from './model';

/**
 * Elements of a tensor, row after row, as many as the product of its shape.
 *
 * The typed array has the width of the datatype: BOOL is `Uint8Array` of 0 and 1, FP16 is `Uint16Array` of bit patterns,
 * INT64 is `BigInt64Array` or, while every value is a safe integer, `Float64Array`; UINT64 likewise. BYTES is text where
 * every element is UTF-8, and bytes otherwise.
 */
export type TensorData =
  | Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array | Uint32Array | BigUint64Array
  | readonly string[] | readonly Uint8Array[];

/** A named tensor of the Open Inference Protocol. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Body of a V1 request; where it said `inputs`, they are the instances. */
export interface V1Body {
  readonly instances: readonly unknown[];
  readonly [key: string]: unknown;
}

/** What a request says besides its tensors. */
export interface InferContext {
  /** Request headers, lower case; gRPC metadata where the request came over gRPC. */
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  readonly id?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Names of the outputs the client asked for. @default - all of them */
  readonly outputs?: readonly string[];
  /** Aborted when the client left or the request's deadline passed. */
  readonly signal?: AbortSignal;
}

/**
 * A model that takes and gives named tensors: an ONNX graph, a PMML document, a user's own class, a transformer.
 * Tabular models with one matrix in and one tensor out are a `Model`.
 */
export interface TensorModel {
  readonly kind: 'tensors';
  /** OIP platform name, e.g. `onnx_onnxv1`. */
  readonly platform: string;
  /** What it is in its own words, for people: a graph's name, a class's name. */
  readonly estimator: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** @throws IsvcError ISVC_INPUT_* for what the client did wrong. */
  infer(inputs: readonly Tensor[], context: InferContext): Promise<readonly Tensor[]> | readonly Tensor[];
  /** V1 `:explain`; its absence is answered with 501. */
  explain?(inputs: readonly Tensor[], context: InferContext): Promise<unknown>;
  /** V1 `:predict` of a whole body. @default - its instances become tensors for `infer` */
  predictBody?(body: V1Body, context: InferContext): Promise<Readonly<Record<string, unknown>>>;
  /** V1 `:explain` of a whole body. @default - its instances become tensors for `explain` */
  explainBody?(body: V1Body, context: InferContext): Promise<unknown>;
  /** Whether it can answer now, where that depends on more than being loaded. @default - always */
  ready?(): Promise<boolean>;
  /** Its metrics are counted by itself, phase by phase. @default false */
  readonly countsItself?: boolean;
  /** Frees what the garbage collector cannot. */
  close?(): Promise<void>;
}

/** Whatever can be served: a tabular model or one of named tensors. */
export type ServableModel = Model | TensorModel;

export function takesTensors(model: ServableModel): model is TensorModel {
  return 'kind' in model;
}
