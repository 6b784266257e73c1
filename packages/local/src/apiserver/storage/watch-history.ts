import type { KubeObject } from 'cdk8s-kserve/api';

/** One write. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** Storage key of the resource. */
  readonly key: string;
  readonly object: KubeObject;
  /** The state before the write: a watch with a selector needs it to see objects leave its view. */
  readonly previous: KubeObject | undefined;
  readonly resourceVersion: number;
}

/** The latest writes of each resource, so that a watch can start at a version of the near past. */
export class WatchHistory {
  private readonly limit: number;
  private readonly logs = new Map<string, StoreEvent[]>();
  /** Per resource, the version of the latest write that was forgotten. */
  private readonly forgotten = new Map<string, number>();

  /** @param limit Writes kept per resource. */
  constructor(limit: number) {
    this.limit = limit;
  }

  add(event: StoreEvent): void {
    let log = this.logs.get(event.key);
    if (!log) this.logs.set(event.key, (log = []));
    log.push(event);
    // Cutting in blocks keeps the cost of a write constant on average.
    if (log.length < this.limit * 2) return;
    const dropped = log.splice(0, log.length - this.limit);
    this.forgotten.set(event.key, dropped.at(-1)?.resourceVersion ?? 0);
  }

  /** The writes after a version, oldest first. @returns undefined when some of them are forgotten */
  after(key: string, resourceVersion: number): readonly StoreEvent[] | undefined {
    if (resourceVersion < this.oldest(key)) return undefined;
    return (this.logs.get(key) ?? []).filter((event) => event.resourceVersion > resourceVersion);
  }

  /** The earliest version that a watch of the resource may start at. */
  oldest(key: string): number {
    return this.forgotten.get(key) ?? 0;
  }

  /** Forgets everything up to now, as etcd does when it compacts. */
  compact(): void {
    for (const [key, log] of this.logs) {
      this.forgotten.set(key, log.at(-1)?.resourceVersion ?? this.oldest(key));
      log.length = 0;
    }
  }
}
