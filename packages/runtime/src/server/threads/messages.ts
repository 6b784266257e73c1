import type { Reply } from '../../protocols/protocol';

/** A `ModelInfer` message on its way into a thread. */
export interface ThreadMessage {
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  readonly message: Uint8Array;
}

/** What became of it; a failure is said in HTTP's words, from which each transport makes its own. */
export type MessageOutcome = { readonly message: Uint8Array } | { readonly status: number; readonly error: string };

/** A request on its way into a thread; everything in it can be copied. */
export interface ThreadRequest {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  readonly body: Uint8Array;
}

export type ToThread = { readonly type: 'request'; readonly request: ThreadRequest } | { readonly type: 'message'; readonly id: number; readonly call: ThreadMessage } | { readonly type: 'snapshot'; readonly id: number };

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly type: 'message'; readonly id: number; readonly outcome: MessageOutcome }
  | { readonly type: 'snapshot'; readonly id: number; readonly metrics: readonly object[] };
