import { isNotFound } from 'cdk8s-kserve-controller';
import { jsonEqual, objectKey, refOf, type KubeObject } from 'cdk8s-kserve/api';
import type { Pod } from '../kubelet/pod';
import { own, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { endpointSlices } from './endpoint-slices';
import type { Service } from './endpoints';
import { servicesOf } from './services-of';

/** Keeps the EndpointSlices of each Service that has a selector, for an API server that other gateways than ours read. */
export function endpointSlicesReconciler({ api, informers }: ReconcilerContext): Reconciler {
  async function reconcile(key: string): Promise<void> {
    const service = informers.get('Service', key) as Service | undefined;
    // Those of a Service that is gone go by garbage collection.
    if (!service?.spec.selector || service.metadata.deletionTimestamp) return;
    const wanted = endpointSlices(service, informers.inNamespace('Pod', service.metadata.namespace ?? 'default') as Pod[]);
    const live = new Map(informers.ownedBy('EndpointSlice', service.metadata.uid ?? '').map((slice) => [slice.metadata.name, slice]));
    for (const slice of wanted) {
      const there = live.get(slice.metadata.name);
      live.delete(slice.metadata.name);
      if (!there) informers.observe('EndpointSlice', await api.create(slice));
      else if (!sameEndpoints(there, slice)) informers.observe('EndpointSlice', await api.replace({ ...slice, metadata: there.metadata }));
    }
    for (const leftover of live.values()) {
      await api.delete(refOf(leftover)).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  }

  return {
    name: 'endpointslices',
    watches: [
      { kind: 'Service', keys: own },
      { kind: 'Pod', keys: servicesOf(informers) },
      { kind: 'EndpointSlice', keys: serviceOf },
    ],
    reconcile,
  };
}

function serviceOf({ metadata }: KubeObject): readonly string[] {
  return (metadata.ownerReferences ?? []).filter((o) => o.kind === 'Service').map((o) => objectKey({ name: o.name, namespace: metadata.namespace }));
}

function sameEndpoints(a: KubeObject, b: KubeObject): boolean {
  return jsonEqual(a['endpoints'], b['endpoints']) && jsonEqual(a['ports'], b['ports']);
}
