import { objectKey, type InferenceGraph, type KubeObject } from 'cdk8s-kserve/api';

/** Keys of the graphs whose steps name a service: its address and whether it answers concern them. */
export function graphsThatCall(service: KubeObject, graphs: readonly InferenceGraph[]): readonly string[] {
  const { name, namespace } = service.metadata;
  return graphs.filter((graph) => graph.metadata.namespace === namespace && stepsOf(graph).some((step) => step.serviceName === name)).map((graph) => objectKey(graph.metadata));
}

/** A graph that an API server without our CRD let through may lack anything. */
function stepsOf(graph: InferenceGraph): readonly { readonly serviceName?: string }[] {
  return Object.values(graph.spec?.nodes ?? {}).flatMap((node) => node.steps ?? []);
}
