import type { KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, type MutableJson, objectAt, stringAt } from '../json';

/**
 * Builds the defaulting of Services, which hands out cluster IPs from 10.96.0.0/12 one after the other. Nothing listens
 * on them; like a real one, a cluster IP says that the service is not headless.
 */
export function serviceDefaults(): (service: MutableJson, old: KubeObject | undefined) => void {
  let next = 10;
  const allocate = (): string => {
    next += 1;
    return `10.${96 + ((next >> 16) & 15)}.${(next >> 8) & 255}.${next & 255}`;
  };
  return (service, old) => {
    const spec = (service['spec'] ??= {}) as MutableJson;
    for (const port of arrayAt(spec, 'ports') as MutableJson[]) port['targetPort'] ??= port['port'];
    service['status'] ??= { loadBalancer: {} };
    if (spec['type'] === 'ExternalName') return;
    // An update that leaves the address out keeps it.
    spec['clusterIP'] ||= stringAt(old, 'spec', 'clusterIP') || allocate();
    spec['clusterIPs'] ??= [spec['clusterIP']];
    spec['internalTrafficPolicy'] ??= 'Cluster';
    spec['ipFamilies'] ??= ['IPv4'];
    spec['ipFamilyPolicy'] ??= 'SingleStack';
    if (spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer') spec['externalTrafficPolicy'] ??= 'Cluster';
    if (spec['type'] === 'LoadBalancer') spec['allocateLoadBalancerNodePorts'] ??= true;
    if (!objectAt(spec, 'selector')) delete spec['selector'];
  };
}
