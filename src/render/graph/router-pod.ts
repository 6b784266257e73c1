import { SERVER_PORT, type Container, type GraphNode, type GraphStep, type InferenceGraph, type PlatformConfig, type PodSpec } from '../../api';
import { stableJson } from '../stable-json';

/** The router's pod: one container that is told the graph, addresses included, on its command line. */
export function routerPod(graph: InferenceGraph, nodes: InferenceGraph['spec']['nodes'], config: PlatformConfig): PodSpec {
  const { affinity, tolerations, nodeSelector, nodeName, serviceAccountName, resources } = graph.spec;
  const { image, cpuRequest, cpuLimit, memoryRequest, memoryLimit, imagePullPolicy, imagePullSecrets, headers } = config.router;
  const container: Container = {
    name: graph.metadata.name,
    image,
    imagePullPolicy: imagePullPolicy as NonNullable<Container['imagePullPolicy']>,
    args: ['--graph-json', graphJson(graph, nodes)],
    ...(headers.propagate ? { env: [{ name: 'PROPAGATE_HEADERS', value: headers.propagate.join(',') }] } : {}),
    readinessProbe: { httpGet: { path: '/readyz', port: SERVER_PORT, scheme: 'HTTP' }, initialDelaySeconds: 5, timeoutSeconds: 2, periodSeconds: 5, successThreshold: 1, failureThreshold: 3 },
    resources: resources && Object.keys(resources).length > 0 ? resources : { limits: { cpu: cpuLimit, memory: memoryLimit }, requests: { cpu: cpuRequest, memory: memoryRequest } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
  };
  return {
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    ...(affinity ? { affinity } : {}),
    ...(tolerations ? { tolerations } : {}),
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(nodeName ? { nodeName } : {}),
    ...(serviceAccountName ? { serviceAccountName } : {}),
    ...(imagePullSecrets.length > 0 ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) } : {}),
    containers: [container],
  };
}

/** The graph as the router reads it, fields in the order in which KServe's controller writes them: another order would restart pods. */
function graphJson(graph: InferenceGraph, nodes: InferenceGraph['spec']['nodes']): string {
  const { resources, routerTimeouts } = graph.spec;
  const sorted = Object.fromEntries(Object.entries(nodes).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, node]) => [key, orderedNode(node)]));
  const timeouts = routerTimeouts ? `,"routerTimeouts":${stableJson(routerTimeouts)}` : '';
  return `{"nodes":${JSON.stringify(sorted)},"resources":${stableJson(resources ?? {})}${timeouts}}`;
}

function orderedNode({ routerType, steps }: GraphNode): GraphNode {
  return { routerType, ...(steps ? { steps: steps.map(orderedStep) } : {}) };
}

function orderedStep(step: GraphStep): GraphStep {
  const { name, nodeName, serviceName, serviceUrl, data, weight, condition, dependency, mapPredictionsToInstances } = step;
  return { name, nodeName, serviceName, serviceUrl, data, weight, condition, dependency, mapPredictionsToInstances } as GraphStep;
}
