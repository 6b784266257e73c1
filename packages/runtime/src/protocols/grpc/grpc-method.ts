import type { ProtocolRequest, ServerState } from '../protocol';

/** Answers `ModelInfer` beside the event loop. */
export interface InferElsewhere {
  /** Whether a request of so many bytes to a model is to be answered there. */
  wants(model: string, bytes: number): boolean;
  /** @throws Error for a request that failed there. */
  infer(message: Buffer, headers: ProtocolRequest['headers']): Promise<Buffer>;
  /** How long the event loop was kept by a request that was answered on it. */
  kept(model: string, ms: number): void;
}

/** What a method may see of the call that it answers. */
export interface GrpcCall extends ProtocolRequest {
  /** Aborted when the server begins to drain: streams that wait for a client end. */
  readonly ending: AbortSignal;
  /** @default - everything is answered here */
  readonly elsewhere?: InferElsewhere | undefined;
  /** Runs work that keeps the machine busy when its turn has come. */
  run<T>(work: () => T | Promise<T>): T | Promise<T>;
}

/** One message in, one out. */
export interface UnaryMethod {
  readonly kind: 'unary';
  /** @throws IsvcError; the transport turns it into a status by the table of the HTTP port. */
  answer(message: Buffer, state: ServerState, call: GrpcCall): Buffer | Promise<Buffer>;
}

/** Any number of messages in and out. */
export interface StreamMethod {
  readonly kind: 'stream';
  answer(messages: AsyncIterable<Buffer>, state: ServerState, call: GrpcCall): AsyncIterable<Buffer>;
}

export type GrpcMethod = UnaryMethod | StreamMethod;

export function unary(answer: UnaryMethod['answer']): UnaryMethod {
  return { kind: 'unary', answer };
}
