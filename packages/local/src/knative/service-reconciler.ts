import { jsonEqual, objectKey, type KubeObject } from 'cdk8s-kserve/api';
import { conditionOf, transition } from '../reconciling/conditions';
import { controlledBy, own, ownerOfKind, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { writeStatus } from '../reconciling/write-status';
import { asCondition, happy, KNATIVE_LABEL, SERVING, type Configuration, type KnativeService, type Route, type TrafficTarget } from './types';

/** A Knative Service is a Configuration and a Route of its name, and the sum of their status. */
export function knativeServiceReconciler(context: ReconcilerContext): Reconciler {
  const { api, informers, clock } = context;

  async function reconcile(key: string): Promise<void> {
    const service = informers.get('KnativeService', key) as KnativeService | undefined;
    if (!service || service.metadata.deletionTimestamp) return;
    const configuration = (await ensure('Configuration', service, { template: service.spec.template })) as Configuration;
    const route = (await ensure('Route', service, { traffic: routeTraffic(service) })) as Route;
    await writeStatus(context, 'KnativeService', service, statusOfService(service, configuration, route));
  }

  async function ensure(kind: 'Configuration' | 'Route', service: KnativeService, spec: object): Promise<KubeObject> {
    const { name, namespace = 'default', labels = {}, annotations } = service.metadata;
    const live = informers.get(kind, objectKey(service.metadata));
    const wanted = { ...labels, [KNATIVE_LABEL.service]: name };
    if (live && jsonEqual(live['spec'], spec) && jsonEqual(live.metadata.labels ?? {}, wanted)) return live;
    const metadata = { name, namespace, labels: wanted, ...(annotations ? { annotations } : {}), ownerReferences: [controlledBy(service)] };
    const written = live
      ? await api.replace({ ...live, metadata: { ...live.metadata, labels: wanted }, spec })
      : await api.create({ apiVersion: SERVING, kind, metadata, spec });
    informers.observe(kind, written);
    return written;
  }

  function statusOfService(service: KnativeService, configuration: Configuration, route: Route): object {
    const dependents = [asCondition('ConfigurationsReady', current(configuration)), asCondition('RoutesReady', current(route))];
    const { latestCreatedRevisionName, latestReadyRevisionName } = configuration.status ?? {};
    const { url, address, traffic } = route.status ?? {};
    return {
      observedGeneration: service.metadata.generation ?? 0,
      conditions: transition([...dependents, happy(dependents)].sort((a, b) => a.type.localeCompare(b.type)), service.status?.conditions ?? [], clock.now()),
      ...(latestCreatedRevisionName ? { latestCreatedRevisionName } : {}),
      ...(latestReadyRevisionName ? { latestReadyRevisionName } : {}),
      ...(url ? { url } : {}),
      ...(address ? { address } : {}),
      ...(traffic ? { traffic: traffic.map(({ configurationName: _configuration, ...target }) => target) } : {}),
    };
  }

  return {
    name: 'knative-service',
    watches: [
      { kind: 'KnativeService', keys: own },
      { kind: 'Configuration', keys: ownerOfKind('Service') },
      { kind: 'Route', keys: ownerOfKind('Service') },
    ],
    reconcile,
  };
}

/** Ready of a child, unless it is about an older spec than the child has now. */
function current(child: Configuration | Route): ReturnType<typeof conditionOf> {
  return child.status?.observedGeneration === child.metadata.generation ? conditionOf(child, 'Ready') : undefined;
}

function routeTraffic(service: KnativeService): readonly TrafficTarget[] {
  const { name } = service.metadata;
  const traffic = service.spec.traffic?.length ? service.spec.traffic : [{ latestRevision: true, percent: 100 }];
  return traffic.map((target) => (target.revisionName ? { ...target, latestRevision: false } : { ...target, configurationName: name, latestRevision: true }));
}
