import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import type { ApiResource, ApplyOptions, DeleteOptions, KubeApi, ListOptions, ListResult, WatchEvent, WatchOptions } from '../kube/kube-api';
import { KubeApiError } from '../kube/kube-api-error';
import type { ControllerMetrics } from './controller-metrics';

/** A KubeApi that counts what goes through it. */
export class MeteredKubeApi implements KubeApi {
  private readonly inner: KubeApi;
  private readonly metrics: ControllerMetrics;

  constructor(inner: KubeApi, metrics: ControllerMetrics) {
    this.inner = inner;
    this.metrics = metrics;
  }

  discover(apiVersion: string, kind: string, options?: { readonly refresh?: boolean }): Promise<ApiResource | undefined> {
    return this.inner.discover(apiVersion, kind, options);
  }

  get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return this.counted('get', ref.kind, this.inner.get(ref));
  }

  list(resource: ApiResource, options?: ListOptions): Promise<ListResult> {
    return this.counted('list', resource.kind, this.inner.list(resource, options));
  }

  async *watch(resource: ApiResource, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    try {
      yield* this.inner.watch(resource, options);
      this.metrics.request('watch', resource.kind, 200);
    } catch (error) {
      this.metrics.request('watch', resource.kind, codeOf(error));
      throw error;
    }
  }

  create(object: KubeObject): Promise<KubeObject> {
    return this.counted('create', object.kind, this.inner.create(object));
  }

  replace(object: KubeObject): Promise<KubeObject> {
    return this.counted('update', object.kind, this.inner.replace(object));
  }

  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.counted('apply', object.kind, this.inner.apply(object, options));
  }

  applyStatus(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.counted('apply_status', object.kind, this.inner.applyStatus(object, options));
  }

  replaceStatus(object: KubeObject): Promise<KubeObject> {
    return this.counted('update_status', object.kind, this.inner.replaceStatus(object));
  }

  mergePatch(ref: ObjectRef, patch: object): Promise<KubeObject> {
    return this.counted('patch', ref.kind, this.inner.mergePatch(ref, patch));
  }

  delete(ref: ObjectRef, options?: DeleteOptions): Promise<boolean> {
    return this.counted('delete', ref.kind, this.inner.delete(ref, options));
  }

  close(): void {
    this.inner.close();
  }

  private async counted<T>(verb: string, kind: string, answer: Promise<T>): Promise<T> {
    try {
      const result = await answer;
      this.metrics.request(verb, kind, 200);
      return result;
    } catch (error) {
      this.metrics.request(verb, kind, codeOf(error));
      throw error;
    }
  }
}

function codeOf(error: unknown): number {
  return error instanceof KubeApiError ? error.statusCode : 0;
}
