/** A type of a graph's input or output. */
export type OnnxType =
  /** `dims` is absent where the rank is not known; -1 is a dimension of any length. */
  | { readonly kind: 'tensor'; readonly elementType: number; readonly dims?: readonly number[] }
  | { readonly kind: 'other'; readonly text: string };

export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
}

/** Where the bytes of a tensor lie that are not in the model file. */
export interface ExternalTensor {
  readonly tensor: string;
  readonly location: string;
  readonly offset: number;
  /** @default - up to the end of the file */
  readonly length?: number;
}

/** sklearn-onnx's last step: it makes a list of maps of a matrix of probabilities. */
export interface ZipMap {
  /** Where its node lies in the file. */
  readonly at: number;
  readonly end: number;
  /** The matrix. */
  readonly input: string;
  /** The list of maps. */
  readonly output: string;
  /** Class labels in the order of the matrix's columns. */
  readonly classes: readonly (string | number)[];
}

/** An operator that a graph uses, and how many nodes do. */
export interface OnnxOperator {
  readonly domain: string;
  readonly name: string;
  readonly nodes: number;
}

/** What is in an ONNX file, without its numbers. */
export interface OnnxGraph {
  readonly name: string;
  readonly irVersion: number;
  readonly producer: string;
  readonly producerVersion: string;
  /** Version by domain; the empty name is `ai.onnx`. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Without those that have a value in the file. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Those of subgraphs and functions included. */
  readonly operators: readonly OnnxOperator[];
  /** Domains of operators that the file defines itself, out of others. */
  readonly functionDomains: ReadonlySet<string>;
  readonly external: readonly ExternalTensor[];
  readonly zipMaps: readonly ZipMap[];
  /** Where the graph message lies in the file. */
  readonly graphAt: number;
  readonly graphStart: number;
  readonly graphEnd: number;
}
