import { objectKey, type Condition, type KubeObject } from 'cdk8s-kserve/api';
import { transition } from '../reconciling/conditions';
import { own, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { writeStatus } from '../reconciling/write-status';
import { happy, statusOf, type Configuration, type Revision, type Route, type RouteStatus, type TrafficTarget } from './types';

const VISIBILITY = 'networking.knative.dev/visibility';

/** Resolves a Route's targets to revisions; the gateway routes by the result. @param domain Knative's `config-domain`. */
export function routeReconciler(context: ReconcilerContext, domain: string): Reconciler {
  const { informers, clock } = context;

  async function reconcile(key: string): Promise<void> {
    const route = informers.get('Route', key) as Route | undefined;
    if (!route || route.metadata.deletionTimestamp) return;
    const resolved = (route.spec.traffic ?? []).map((target) => resolve(route, target));
    const problem = resolved.find((r): r is Problem => 'reason' in r);
    const { name, namespace = 'default' } = route.metadata;
    const local = `http://${name}.${namespace}.svc.cluster.local`;
    const internal = route.metadata.labels?.[VISIBILITY] === 'cluster-local';
    // While a target is not ready, traffic stays where it was.
    const traffic = problem ? route.status?.traffic : resolved.flatMap((r) => ('reason' in r ? [] : [r]));
    const status: RouteStatus = {
      observedGeneration: route.metadata.generation ?? 0,
      conditions: transition(conditions(problem), route.status?.conditions ?? [], clock.now()),
      url: internal ? local : `http://${name}.${namespace}.${domain}`,
      address: { url: local },
      ...(traffic ? { traffic } : {}),
    };
    await writeStatus(context, 'Route', route, status);
  }

  function resolve(route: Route, target: TrafficTarget): TrafficTarget | Problem {
    const { name, namespace = 'default' } = route.metadata;
    const url = target.tag === undefined ? {} : { url: `http://${target.tag}-${name}.${namespace}.${domain}` };
    const { configurationName, ...kept } = target;
    if (configurationName === undefined) return revisionProblem(namespace, target.revisionName ?? '') ?? { ...kept, ...url };
    const configuration = informers.get('Configuration', objectKey({ name: configurationName, namespace })) as Configuration | undefined;
    const revisionName = configuration?.status?.latestReadyRevisionName;
    if (revisionName) return { ...kept, revisionName, latestRevision: true, ...url };
    const failed = statusOf(configuration, 'Ready') === 'False';
    return { status: failed ? 'False' : 'Unknown', reason: 'RevisionMissing', message: `Configuration ${JSON.stringify(configurationName)} does not have any ready Revision.` };
  }

  function revisionProblem(namespace: string, name: string): Problem | undefined {
    const revision = informers.get('Revision', objectKey({ name, namespace })) as Revision | undefined;
    if (!revision) return { status: 'False', reason: 'RevisionMissing', message: `Revision ${JSON.stringify(name)} referenced in traffic not found.` };
    const ready = statusOf(revision, 'Ready');
    if (ready === 'True') return undefined;
    return { status: ready, reason: 'RevisionMissing', message: `Revision ${JSON.stringify(name)} is not ready.` };
  }

  /** The route of the same name, and every route that names the revision. */
  function routesOf(object: KubeObject): readonly string[] {
    const { name } = object.metadata;
    return informers.keysBeside<Route>('Route', object, ({ spec }) => spec.traffic?.some((t) => t.configurationName === name || t.revisionName === name) ?? false);
  }

  return {
    name: 'knative-route',
    watches: [
      { kind: 'Route', keys: own },
      { kind: 'Configuration', keys: routesOf },
      { kind: 'Revision', keys: routesOf },
    ],
    reconcile,
  };
}

interface Problem {
  readonly status: 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

function conditions(problem: Problem | undefined): readonly Condition[] {
  const assigned: Condition = problem ? { type: 'AllTrafficAssigned', ...problem } : { type: 'AllTrafficAssigned', status: 'True' };
  const ingress: Condition = { type: 'IngressReady', status: 'True' };
  const certificate: Condition = { type: 'CertificateProvisioned', status: 'True', reason: 'TLSNotEnabled', message: 'autoTLS is not enabled' };
  return [assigned, certificate, ingress, happy([assigned, ingress])];
}
