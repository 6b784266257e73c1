import type { InferenceGraph, InferenceGraphSpec, KubeObject } from '../api';
import { finding, type Finding } from './conditions';
import { knativeAnswer, type KnativeAnswer } from './knative-answer';
import { answerFinding, ofKnativeService } from './knative-findings';
import { deploymentFinding } from './raw-findings';
import { isKnative, serviceNamed } from './workloads';

type Nodes = InferenceGraphSpec['nodes'];

/** What a router's way in and its instances are judged by. */
export interface RouterSurroundings {
  readonly graph: InferenceGraph;
  readonly children: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
}

/** Whether a router answers, at the Service that callers use. */
export function routerAnswers(router: KubeObject | undefined, around: RouterSurroundings): Finding {
  const type = 'RouterReady';
  if (router && isKnative(router)) return answerFinding(type, router, answerOf(router, around));
  const own = deploymentFinding(type, router);
  const isAddressed = router !== undefined && serviceNamed(router.metadata.name, around.children) !== undefined;
  return own.status === 'True' && !isAddressed ? finding(type, 'False', 'ServiceMissing', `Service ${router?.metadata.name ?? ''} does not exist yet`) : own;
}

/** Whether Knative leads requests to a router, to whatever revision of it. */
export function knativeWay(router: KubeObject | undefined, around: RouterSurroundings): Finding {
  const type = 'IngressReady';
  return router && answerOf(router, around).routed ? finding(type, 'True') : ofKnativeService(router, 'RoutesReady', type);
}

/** The nodes that a router was started with; none of one that was told them otherwise. */
export function nodesOf(router: KubeObject): Nodes {
  const { template } = (router['spec'] ?? {}) as { readonly template?: { readonly spec?: { readonly containers?: readonly { readonly args?: readonly string[] }[] } } };
  const args = template?.spec?.containers?.[0]?.args ?? [];
  const at = args.indexOf('--graph-json');
  try {
    const graph: unknown = at === -1 ? undefined : JSON.parse(args[at + 1] ?? '');
    return (graph as { readonly nodes?: Nodes } | undefined)?.nodes ?? {};
  } catch {
    return {};
  }
}

/** Knative does not say of a route that it moves whether it still leads somewhere: it does if it did. */
function answerOf(router: KubeObject, { graph, pods }: RouterSurroundings): KnativeAnswer {
  const way = graph.status?.conditions?.find((c) => c.type === 'IngressReady');
  const wasRouted = way?.status === 'True' && (way.lastTransitionTime ?? '') >= (router.metadata.creationTimestamp ?? '');
  return knativeAnswer(router, pods, wasRouted);
}
