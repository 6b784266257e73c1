import type { Reply } from '../../protocols/protocol';

/** A request on its way into a thread; everything in it can be copied. */
export interface ThreadRequest {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  readonly body: Uint8Array;
}

export type ToThread = { readonly type: 'request'; readonly request: ThreadRequest } | { readonly type: 'snapshot'; readonly id: number };

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly type: 'snapshot'; readonly id: number; readonly metrics: readonly object[] };
