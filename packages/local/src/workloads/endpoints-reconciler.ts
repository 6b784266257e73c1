import { jsonEqual, type KubeObject } from 'cdk8s-kserve/api';
import type { Pod } from '../kubelet/pod';
import { controlledBy, own, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { endpointSubsets, type Service } from './endpoints';
import { servicesOf } from './services-of';

/** Keeps the Endpoints of each Service that has a selector. */
export function endpointsReconciler(context: ReconcilerContext): Reconciler {
  const { api, informers } = context;

  async function reconcile(key: string): Promise<void> {
    const service = informers.get('Service', key) as Service | undefined;
    if (!service?.spec.selector || service.metadata.deletionTimestamp) return;
    const { name, namespace = 'default' } = service.metadata;
    const subsets = endpointSubsets(service, informers.inNamespace('Pod', namespace) as Pod[]);
    const live = informers.get('Endpoints', key);
    if (live && jsonEqual(live['subsets'] ?? [], subsets)) return;
    const metadata = { name, namespace, ...(service.metadata.labels ? { labels: service.metadata.labels } : {}), ownerReferences: [controlledBy(service)] };
    const next: KubeObject = live ? { ...live, subsets } : { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets };
    informers.observe('Endpoints', live ? await api.replace(next) : await api.create(next));
  }

  return {
    name: 'endpoints',
    watches: [
      { kind: 'Service', keys: own },
      { kind: 'Pod', keys: servicesOf(informers) },
    ],
    reconcile,
  };
}
