import type { KubeObject } from 'cdk8s-kserve/api';
import type { ApiResource, KubeApi, ListOptions, ListResult, WatchEvent, WatchOptions } from '../../src/kube/kube-api';

export const WIDGETS: ApiResource = { apiVersion: 'test/v1', kind: 'Widget', plural: 'widgets', namespaced: true };

export function widget(name: string, resourceVersion: string, extra: object = {}, namespace = 'default'): KubeObject {
  return { apiVersion: 'test/v1', kind: 'Widget', metadata: { name, namespace, uid: `uid-${name}`, resourceVersion }, ...extra };
}

/** One answer to a `watch` call: these events, then the end, an error, or silence until the signal aborts. */
export interface WatchScript {
  readonly events?: readonly WatchEvent[];
  readonly then?: 'end' | 'hang' | Error;
}

/** A KubeApi whose lists and watches follow a script; everything else throws. */
export class ScriptedKubeApi implements Pick<KubeApi, 'list' | 'watch'> {
  readonly calls: string[] = [];
  private readonly lists: (ListResult | Error)[];
  private readonly watches: WatchScript[];

  constructor(lists: readonly (ListResult | Error)[], watches: readonly WatchScript[]) {
    this.lists = [...lists];
    this.watches = [...watches];
  }

  list(_resource: ApiResource, options: ListOptions = {}): Promise<ListResult> {
    this.calls.push(`list ${options.namespace ?? '*'}`);
    const next = this.lists.shift();
    if (!next) {
      return Promise.reject(new Error('no list left in the script'));
    }
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }

  async *watch(_resource: ApiResource, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    this.calls.push(`watch ${options.resourceVersion}`);
    const script = this.watches.shift() ?? { then: 'hang' };
    yield* script.events ?? [];
    if (script.then instanceof Error) {
      throw script.then;
    }
    if (script.then !== 'end') {
      await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve(), { once: true }));
    }
  }

  asKubeApi(): KubeApi {
    return this as unknown as KubeApi;
  }
}
