import { isInferenceGraph, type InferenceGraph, type KubeObject } from 'cdk8s-kserve/api';
import type { CredentialCheck } from './credential-check';

/** A graph fetches nothing itself; it can answer when the services that it calls can. */
export function credentialGraphs(objects: readonly KubeObject[], checks: readonly CredentialCheck[]): readonly CredentialCheck[] {
  return (objects.filter(isInferenceGraph) as InferenceGraph[]).map((graph) => {
    const { name, namespace = 'default' } = graph.metadata;
    const called = [...new Set(Object.values(graph.spec.nodes).flatMap(({ steps = [] }) => steps.flatMap((step) => step.serviceName ?? [])))];
    const of = (service: string): readonly CredentialCheck[] => checks.filter((c) => c.kind === 'InferenceService' && c.namespace === namespace && c.name === service);
    const failed = called.filter((service) => of(service).some((c) => c.status === 'failed'));
    const unknown = called.filter((service) => of(service).length === 0 || of(service).some((c) => c.status === 'unknown'));
    const status = failed.length > 0 ? 'failed' : unknown.length > 0 ? 'unknown' : 'ok';
    const message = { failed: `it calls ${failed.join(', ')}, which cannot fetch`, unknown: `it calls ${unknown.join(', ')}, of which nobody can say it here`, ok: `it calls ${called.join(', ') || 'no service'}` }[status];
    return { kind: graph.kind, namespace, name, component: '', status, source: '', credential: '', message };
  });
}
