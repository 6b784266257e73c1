/** How the tensors of a model are to be understood where a request does not say, in MLServer's words (`np`, `pd`, `str`, `base64`, `datetime`, `pd_json`). */
export interface ContentTypes {
  /** For all inputs together. */
  readonly request?: string;
  /** For one input, by its name. */
  readonly inputs: ReadonlyMap<string, string>;
  /** What one output is to be sent as, by its name. */
  readonly outputs: ReadonlyMap<string, string>;
}
