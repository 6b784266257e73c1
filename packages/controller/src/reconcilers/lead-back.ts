import { refOf, type KubeObject } from 'cdk8s-kserve/api';
import { leadsTo, serviceNamed } from 'cdk8s-kserve/status';
import type { Log } from '../engine/log';
import type { KubeApi } from '../kube/kube-api';
import type { ClusterCache } from './cluster-cache';

interface Selecting {
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
}

/**
 * Workloads that the present spec does not tell of answer for as long as it takes: while the mode changes, or the spec is not
 * valid. Nothing says any more how their Services were, but that they have to lead to them; one edited by hand is led back.
 */
export async function leadBack(workloads: readonly KubeObject[], owned: readonly KubeObject[], { api, cache, log }: { readonly api: KubeApi; readonly cache: ClusterCache; readonly log: Log }): Promise<void> {
  for (const workload of workloads.filter((w) => w.kind === 'Deployment' && !w.metadata.deletionTimestamp)) {
    const { name } = workload.metadata;
    const service = serviceNamed(name, owned);
    const wanted = (workload['spec'] as Selecting | undefined)?.selector?.matchLabels;
    if (!service || !wanted || service.metadata.deletionTimestamp || leadsTo(service, workload)) continue;
    const foreign = Object.keys((service['spec'] as { readonly selector?: object } | undefined)?.selector ?? {}).map((key) => [key, null] as const);
    cache.observe(await api.mergePatch(refOf(service), { spec: { selector: { ...Object.fromEntries(foreign), ...wanted } } }));
    log.info('led back', { kind: 'Service', name, why: 'it selected other pods' });
  }
}
