import type { KubeObject } from 'cdk8s-kserve/api';
import { routesToHold } from '../../src/reconcilers/route-move';

function deployment(name: string, availableReplicas = 0): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: {}, status: { availableReplicas } };
}

function route(...backendRefs: readonly { readonly name: string; readonly weight?: number }[]): KubeObject {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'iris' }, spec: { rules: [{ backendRefs }] } };
}

function ingress(name: string): KubeObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'iris' }, spec: { rules: [{ http: { paths: [{ backend: { service: { name } } }] } }] } };
}

/** A Knative Service whose latest revision, and whose route, is ready. */
function ksvc(name: string, revision: boolean, routed = revision): KubeObject {
  const says = (type: string, so: boolean): object => ({ type, status: so ? 'True' : 'Unknown' });
  return { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name }, status: { conditions: [says('ConfigurationsReady', revision), says('RoutesReady', routed)] } };
}

function meshRoute(name: string): KubeObject {
  return { apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService', metadata: { name: 'iris' }, spec: { http: [{ headers: { request: { set: { Host: `${name}.ns.svc.cluster.local` } } } }] } };
}

const P = 'iris-predictor';
const T = 'iris-transformer';
const both = [deployment(P), deployment(T)];

test.each<[string, readonly KubeObject[], readonly KubeObject[], number]>([
  ['to what does not answer yet, from what does', [...both, route({ name: T })], [deployment(P, 1), route({ name: P })], 1],
  ['of an Ingress', [...both, ingress(T)], [deployment(P, 1), deployment(T), ingress(P)], 1],
  ['of a VirtualService', [ksvc(P, true), ksvc(T, true), meshRoute(T)], [ksvc(P, true), ksvc(T, false), meshRoute(P)], 1],
  ['of a VirtualService to a revision whose route is not there yet', [ksvc(P, true), ksvc(T, true), meshRoute(T)], [ksvc(P, true), ksvc(T, true, false), meshRoute(P)], 1],
  ['of a VirtualService to what answers', [ksvc(P, true), ksvc(T, true), meshRoute(T)], [ksvc(P, true), ksvc(T, true), meshRoute(P)], 0],
  ['to what answers', [...both, route({ name: T })], [deployment(P, 1), deployment(T, 1), route({ name: P })], 0],
  ['from what does not answer for the moment', [...both, route({ name: T })], [deployment(P), route({ name: P })], 1],
  ['from what does not answer and is no longer wanted', [deployment('iris-v2-predictor'), route({ name: 'iris-v2-predictor' })], [deployment(P), route({ name: P })], 0],
  ['that is not there yet', [...both, route({ name: T })], [deployment(P, 1)], 0],
  ['that gives a share of nothing', [...both, route({ name: P, weight: 100 }, { name: T, weight: 0 })], [deployment(P, 1), route({ name: P })], 0],
  ['that stays where it is, though that broke down', [deployment(P), route({ name: P })], [deployment(P), route({ name: P })], 0],
  ['away from what is no longer wanted', [deployment(P), route({ name: P })], [deployment(P, 1), deployment(T, 1), route({ name: T })], 0],
])('a move %s', (_name, wanted, owned, held) => {
  expect(routesToHold(wanted, owned)).toHaveLength(held);
});
