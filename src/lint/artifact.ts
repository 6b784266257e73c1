/**
 * What a model's address stands for on the machine where lint runs, as far as rules look at it. Rules read no files:
 * whoever runs them does, for the addresses that `wantedArtifacts` names.
 */
export interface Artifact {
  /** Where it lies, in words. */
  readonly place: string;
  /** Of an address that Triton serves. */
  readonly triton?: TritonFolder;
  /** Of an address that this project's server reads: what it would find. */
  readonly models?: readonly ArtifactModel[];
}

/** One model, as this project's server would read it. */
export interface ArtifactModel {
  readonly name: string;
  /** From the address on; empty where there is none. */
  readonly file: string;
  /** Of the file's content, e.g. `sklearn` or `onnx`; absent where nothing knows it. */
  readonly format?: string;
  /** Why it would not be served. */
  readonly refusal?: { readonly code: string; readonly message: string; readonly hint?: string };
}

/** A folder of Triton's layout, `REPOSITORY/MODEL/VERSION/model.onnx`. */
export interface TritonFolder {
  /** Which part of the layout the folder is. */
  readonly level: 'repository' | 'model' | 'version';
  readonly models: readonly TritonModel[];
}

/** What a model's `config.pbtxt` says. */
export interface TritonModel {
  /** Of its folder. */
  readonly folder: string;
  readonly name?: string;
  readonly backend?: string;
  readonly maxBatchSize: number;
  readonly dynamicBatching: boolean;
  /** Indices of the GPUs that its instances ask for. */
  readonly gpus: readonly number[];
  /** Why the file cannot be read. */
  readonly problem?: string;
}

/** A server that reads a model, where rules know what it wants. */
export type ModelServer = 'triton' | 'own';
