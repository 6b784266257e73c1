import type { KubeObject } from 'cdk8s-kserve/api';
import { arrayAt } from '../json';
import type { ResourceRegistry } from '../resources/resource-registry';
import { storageKeyOf } from '../storage/object-store';
import { NAMESPACES } from '../write/check-namespace';
import { deleteObject } from '../write/object-deleter';
import type { ObjectWriter } from '../write/object-writer';
import { WorkQueue } from './work-queue';

const INITIAL_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const SERVICE_ACCOUNTS = '/serviceaccounts';

/** Gives every namespace its default service account, and empties namespaces that are being deleted. */
export class NamespaceController {
  private readonly writer: ObjectWriter;
  private readonly registry: ResourceRegistry;
  private readonly queue = new WorkQueue((name) => this.reconcile(name));
  private unsubscribe: () => void = () => undefined;

  constructor(writer: ObjectWriter, registry: ResourceRegistry) {
    this.writer = writer;
    this.registry = registry;
  }

  /** Namespaces that a cluster is born with are there at once, service accounts included. */
  start(): void {
    this.unsubscribe = this.writer.store.subscribe((event) => {
      if (event.key === NAMESPACES && event.type !== 'DELETED') this.queue.add(event.object.metadata.name);
      else if (event.type === 'DELETED' && event.object.metadata.namespace) this.queue.add(event.object.metadata.namespace);
    });
    for (const name of INITIAL_NAMESPACES) {
      this.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      this.reconcile(name);
    }
  }

  stop(): void {
    this.unsubscribe();
    this.queue.stop();
  }

  private reconcile(name: string): void {
    const { store } = this.writer;
    const namespace = store.get(NAMESPACES, { name });
    if (!namespace) return;
    if (!namespace.metadata.deletionTimestamp) {
      if (!store.get(SERVICE_ACCOUNTS, { name: 'default', namespace: name })) this.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
      return;
    }
    if (this.deleteContent(name) > 0) return;
    this.finalize(namespace);
  }

  /** @returns how many objects are still there, waiting for their finalizers */
  private deleteContent(namespace: string): number {
    const { store } = this.writer;
    const left = new Set<string>();
    for (const resource of this.registry.all()) {
      if (!resource.namespaced) continue;
      for (const object of store.list(storageKeyOf(resource), namespace)) {
        if (!object.metadata.deletionTimestamp) deleteObject(this.writer, resource, object.metadata.name, namespace, { propagationPolicy: 'Background', dryRun: false });
        if (store.get(storageKeyOf(resource), object.metadata)) left.add(`${storageKeyOf(resource)}/${object.metadata.name}`);
      }
    }
    return left.size;
  }

  private finalize(namespace: KubeObject): void {
    const { store } = this.writer;
    const others = arrayAt(namespace, 'spec', 'finalizers').filter((finalizer) => finalizer !== 'kubernetes');
    const released = { ...namespace, spec: { finalizers: others } };
    if (others.length > 0 || (namespace.metadata.finalizers ?? []).length > 0) store.put(NAMESPACES, released);
    else store.remove(NAMESPACES, namespace.metadata);
  }

  private create(object: KubeObject): void {
    const resource = this.registry.findKind(object.apiVersion, object.kind);
    if (!resource) return;
    const writer = { manager: 'kube-apiserver', operation: 'Update', apiVersion: object.apiVersion, subresource: '' } as const;
    this.writer.create(resource, object, { dryRun: false, fieldValidation: 'Ignore', subresource: '', writer });
  }
}
