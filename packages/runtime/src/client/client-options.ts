/** How to reach a model server. */
export interface InferenceClientOptions {
  /**
   * Address of the server or the gateway before it, such as `http://iris.default.example.com`; a path is a prefix. `grpc:`
   * and `grpcs:` ask by gRPC, which has `infer`, `ready` and `metadata`.
   */
  readonly url: string;
  /** `Host` header for a gateway that routes by it. @default - that of the address */
  readonly host?: string;
  /** Bearer token, or a function that is asked before each request. @default - none */
  readonly token?: string | (() => string | Promise<string>);
  /** Sent with every request; names are lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM certificates of authorities to trust instead of Node's. */
  readonly ca?: string | Buffer;
  /** Time for a call with all its retries; the server is told what is left of it. @default 60_000 */
  readonly timeoutMs?: number;
  /** How often a call is repeated after failures that certainly had no effect. @default 2 */
  readonly retries?: number;
  /** Longest first pause before a repetition; pauses are random. @default 100 */
  readonly backoffMs?: number;
  /** Send and ask for tensors as bytes instead of numbers; `false` for REST servers without the binary extension. @default true */
  readonly binary?: boolean;
}

/** What one call may have of its own. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}
