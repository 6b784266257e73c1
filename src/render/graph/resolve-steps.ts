import { TerminalError, defaultInferenceService, didYouMean, type GraphNode, type GraphStep, type InferenceGraph, type InferenceService } from '../../api';
import { componentName, serviceHost } from '../names';
import { render } from '../render';
import { spokenProtocol } from '../spoken-protocol';
import type { Decision, World } from '../types';

export interface ResolvedSteps {
  readonly nodes: InferenceGraph['spec']['nodes'];
  readonly decisions: readonly Decision[];
}

/**
 * Gives every step that names a service the address to call.
 *
 * KServe differs: the address follows from the service's manifest, so a graph can be rendered before its services are
 * ready; upstream waits for each to say its address and bakes that in.
 *
 * @throws TerminalError ISVC_RENDER_GRAPH when a named service does not exist or cannot be called over HTTP.
 */
export function resolveSteps(graph: InferenceGraph, world: World): ResolvedSteps {
  const decisions = new Map<string, Decision>();
  const nodes = Object.fromEntries(
    Object.entries(graph.spec.nodes).map(([key, node]) => [key, resolveNode(node, `spec.nodes.${key}`, graph, world, decisions)]),
  );
  return { nodes, decisions: [...decisions.values()] };
}

function resolveNode(node: GraphNode, path: string, graph: InferenceGraph, world: World, decisions: Map<string, Decision>): GraphNode {
  const steps = node.steps?.map((step, index) => resolveStep(step, `${path}.steps[${index}].serviceName`, graph, world, decisions));
  return { ...node, ...(steps ? { steps } : {}) };
}

function resolveStep(step: GraphStep, path: string, graph: InferenceGraph, world: World, decisions: Map<string, Decision>): GraphStep {
  if (step.serviceName === undefined) return step;
  const namespace = graph.metadata.namespace ?? 'default';
  const inNamespace = world.services?.filter((s) => (s.metadata.namespace ?? 'default') === namespace);
  const service = inNamespace?.find((s) => s.metadata.name === step.serviceName);
  if (!service) {
    if (world.services) {
      const names = inNamespace?.map((s) => s.metadata.name) ?? [];
      throw new TerminalError('ISVC_RENDER_GRAPH', `there is no InferenceService "${step.serviceName}" in namespace "${namespace}"`, { path, hint: didYouMean(step.serviceName, names) ?? 'create it, or call an address with serviceUrl' });
    }
    const url = `http://${serviceHost(componentName(step.serviceName, 'predictor'), namespace)}/v1/models/${step.serviceName}:predict`;
    decisions.set(step.serviceName, { topic: 'graph', choice: `call ${step.serviceName} at ${url}`, because: 'the service is not known here, so it is taken for a V1 predictor without a transformer' });
    return { ...step, serviceUrl: url };
  }
  const { url, because } = addressOf(service, path, world);
  decisions.set(step.serviceName, { topic: 'graph', choice: `call ${step.serviceName} at ${url}`, because });
  return { ...step, serviceUrl: url };
}

function addressOf(service: InferenceService, path: string, world: World): { readonly url: string; readonly because: string } {
  const rendered = render(service, world);
  const address = service.status?.address?.url ?? rendered.endpoints?.address;
  if (!address) throw new TerminalError('ISVC_RENDER_GRAPH', `InferenceService "${service.metadata.name}" is not valid, so it has no address`, { path, hint: 'mend it first; its own problems say how' });
  const defaulted = defaultInferenceService(service, world.config);
  const runtime = world.runtimes.find((r) => r.kind === rendered.runtime?.kind && r.metadata.name === rendered.runtime.name);
  const protocol = spokenProtocol(defaulted, runtime);
  const model = modelNameOf(defaulted);
  if (protocol === 'v1') return { url: `${address}/v1/models/${model}:predict`, because: 'it speaks the V1 protocol' };
  if (protocol === 'v2') return { url: `${address}/v2/models/${model}/infer`, because: 'it speaks the V2 protocol' };
  throw new TerminalError('ISVC_RENDER_GRAPH', `InferenceService "${service.metadata.name}" speaks ${protocol} only, and a graph calls over HTTP`, { path, hint: 'give it protocol v1 or v2, or a transformer that speaks one' });
}

/** The name under which the model answers: what its server was told, else the service's. */
function modelNameOf(service: InferenceService): string {
  const { transformer, predictor } = service.spec;
  const asked = transformer?.containers?.[0] ?? predictor.model;
  const args = asked?.args ?? [];
  const joined = args.find((a) => a.startsWith('--model_name='))?.slice('--model_name='.length);
  const index = args.indexOf('--model_name');
  const env = asked?.env?.find((e) => e.name === 'MLSERVER_MODEL_NAME')?.value;
  return joined ?? (index === -1 ? undefined : args[index + 1]) ?? env ?? service.metadata.name;
}
