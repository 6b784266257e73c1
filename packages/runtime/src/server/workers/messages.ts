/** Metrics as prom-client exchanges them between processes. */
export type Snapshot = readonly object[];

/** What a worker tells its parent. */
export type FromWorker =
  /** Its models are loaded and its port is open. */
  | { readonly type: 'ready'; readonly port: number }
  /** Somebody asks it for metrics, which have to be those of all. */
  | { readonly type: 'scrape'; readonly id: number }
  | { readonly type: 'snapshot'; readonly id: number; readonly metrics: Snapshot };

/** What a parent tells a worker. */
export type ToWorker =
  | { readonly type: 'stop' }
  | { readonly type: 'snapshot'; readonly id: number }
  | { readonly type: 'scraped'; readonly id: number; readonly metrics: readonly Snapshot[] };
