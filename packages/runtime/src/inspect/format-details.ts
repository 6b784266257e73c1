/** A class or function that a pickle names. */
export interface PickledName {
  /** `module.name`. */
  readonly name: string;
  readonly allowed: boolean;
  /** Why it is refused. */
  readonly reason?: string;
}

/** An estimator and those inside it. */
export interface EstimatorTree {
  /** `module.Class`. */
  readonly type: string;
  /** The step's or column group's name. */
  readonly name?: string;
  readonly parts?: readonly EstimatorTree[];
}

/** What a format can say of a file beyond what a model says of itself. */
export interface FormatDetails {
  /** Versions by the library that wrote the file, as the file has them. */
  readonly writtenBy?: Readonly<Record<string, string>>;
  readonly classes?: readonly (string | number)[];
  readonly structure?: EstimatorTree;
  /** Of a pickle: sorted, refused ones first. */
  readonly names?: readonly PickledName[];
  readonly graph?: GraphDetails;
}

export interface GraphDetails {
  readonly name: string;
  /** Version by domain. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Nodes by operator, most frequent first. */
  readonly operators: Readonly<Record<string, number>>;
  /** Files that hold weights. */
  readonly externalFiles: readonly string[];
}
