/** What is used of ONNX Runtime's JavaScript API. Its packages are optional, so their types cannot be imported. */
export interface OrtTensor {
  readonly type: string;
  readonly data: OrtData;
  readonly dims: readonly number[];
}

export type OrtData =
  | Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array | Uint32Array | BigUint64Array
  | readonly string[];

export interface OrtSession {
  run(feeds: Readonly<Record<string, OrtTensor>>, fetches: readonly string[]): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}

export interface OrtSessionOptions {
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly executionMode: 'sequential';
  readonly graphOptimizationLevel: 'all';
  /** 3 is errors only: warnings of the library would go to standard output. */
  readonly logSeverityLevel: 3;
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
}

export interface OrtModule {
  readonly Tensor: new (type: string, data: OrtData, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array | string, options: OrtSessionOptions): Promise<OrtSession> };
  readonly env: { logLevel?: string; wasm?: { numThreads?: number } };
}

export interface OnnxRuntime {
  /** `wasm` reads models and their data from memory only, and runs on one thread. */
  readonly build: 'native' | 'wasm';
  readonly ort: OrtModule;
}
