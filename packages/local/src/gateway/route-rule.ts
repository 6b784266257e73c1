import type { Backend } from './backend';
import type { Load } from './load';
import type { HeaderChange, PathRewrite } from './filters';
import type { WeightedChoice } from './weighted-choice';

/** Where a share of a rule's requests goes. */
export interface RouteTarget {
  readonly backend: Backend;
  /** Counts the requests of a Knative revision for its autoscaler. */
  readonly load?: Load;
  /** Wakes a revision that has no pod; requests to it wait instead of failing. */
  readonly activate?: () => void;
  /** Headers that this backend alone gets. */
  readonly requestHeaders?: HeaderChange;
}

/** One compiled rule of a host. */
export interface RouteRule {
  readonly matches: (request: { readonly path: string; readonly method: string; readonly headers: Readonly<Record<string, unknown>> }) => boolean;
  readonly targets: WeightedChoice<RouteTarget>;
  /** Milliseconds for the whole request; 0 is no limit. */
  readonly timeoutMs: number;
  /** How long a request may wait for a pod, in milliseconds, while the name it asks changes hands. @default 0 */
  readonly patienceMs?: number;
  readonly requestHeaders?: HeaderChange;
  readonly responseHeaders?: HeaderChange;
  readonly rewrite?: PathRewrite;
  /** Why requests that match cannot be served, e.g. a backend that does not exist. */
  readonly broken?: string;
}
