import type { KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, valueAt } from '../json';
import { resourcesOfCrd } from '../resources/crd-resources';
import type { ResourceRegistry } from '../resources/resource-registry';
import { storageKeyOf } from '../storage/object-store';
import type { StoreEvent } from '../storage/watch-history';
import { deleteObject } from '../write/object-deleter';
import { type ObjectWriter, withMetadata } from '../write/object-writer';
import { WorkQueue } from './work-queue';

export const CRDS = 'apiextensions.k8s.io/customresourcedefinitions';
const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/**
 * Serves what CustomResourceDefinitions define, from the moment of their write, and removes the
 * custom resources before their definition goes.
 */
export class CrdController {
  private readonly writer: ObjectWriter;
  private readonly registry: ResourceRegistry;
  private readonly queue = new WorkQueue((name) => this.reconcile(name));
  private unsubscribe: () => void = () => undefined;

  constructor(writer: ObjectWriter, registry: ResourceRegistry) {
    this.writer = writer;
    this.registry = registry;
  }

  start(): void {
    this.unsubscribe = this.writer.store.subscribe((event) => this.observe(event));
  }

  stop(): void {
    this.unsubscribe();
    this.queue.stop();
  }

  private observe(event: StoreEvent): void {
    if (event.key !== CRDS) {
      // The last custom resource may be what its definition waits for.
      const slash = event.key.indexOf('/');
      if (event.type === 'DELETED') this.queue.add(`${event.key.slice(slash + 1)}.${event.key.slice(0, slash)}`);
      return;
    }
    const { group, plural } = namesOf(event.object);
    this.registry.remove(group, plural);
    if (event.type === 'DELETED') return;
    for (const resource of resourcesOfCrd(event.object)) this.registry.add(resource);
    this.queue.add(event.object.metadata.name);
  }

  private reconcile(name: string): void {
    const { store } = this.writer;
    const crd = store.get(CRDS, { name });
    if (!crd) return;
    if (crd.metadata.deletionTimestamp) this.removeInstances(crd);
    else store.put(CRDS, established(crd, this.writer.time()));
  }

  private removeInstances(crd: KubeObject): void {
    const { store } = this.writer;
    const { group, plural } = namesOf(crd);
    const resource = this.registry.anyVersion(group, plural);
    if (resource) {
      for (const object of store.list(storageKeyOf(resource))) {
        if (!object.metadata.deletionTimestamp) deleteObject(this.writer, resource, object.metadata.name, object.metadata.namespace, { propagationPolicy: 'Background', dryRun: false });
      }
      if (store.list(storageKeyOf(resource)).length > 0) return;
    }
    const finalizers = (crd.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    if (finalizers.length > 0) store.put(CRDS, withMetadata(crd, { finalizers }));
    else store.remove(CRDS, crd.metadata);
  }
}

function namesOf(crd: KubeObject): { readonly group: string; readonly plural: string } {
  return { group: String(valueAt(crd, 'spec', 'group')), plural: String(valueAt(crd, 'spec', 'names', 'plural')) };
}

/** The status and finalizer that the API server itself gives a definition. */
function established(crd: KubeObject, time: string): KubeObject {
  const names = valueAt(crd, 'spec', 'names');
  const stored = arrayAt(crd, 'spec', 'versions').filter((version) => valueAt(version, 'storage') === true).map((version) => valueAt(version, 'name'));
  const known = arrayAt(crd, 'status', 'storedVersions');
  const finalizers = crd.metadata.finalizers ?? [];
  const condition = (type: string, reason: string, message: string): object => arrayAt(crd, 'status', 'conditions').find((c) => valueAt(c, 'type') === type) as object | undefined
    ?? { type, status: 'True', lastTransitionTime: time, reason, message };
  return {
    ...withMetadata(crd, { finalizers: finalizers.includes(CLEANUP_FINALIZER) ? finalizers : [...finalizers, CLEANUP_FINALIZER] }),
    status: {
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: names,
      storedVersions: [...known, ...stored.filter((version) => !known.includes(version))],
    },
  };
}
