import { checkMetadata } from '../check-metadata';
import { SERVING_RUNTIME_API } from '../keys';
import { INFERENCE_GRAPH_KIND, manifestSchema } from '../kinds';
import { reporter, type Report } from '../inference-service/rules/report';
import type { Problem } from '../problem';
import { checkSchema } from '../schema/check-schema';
import { didYouMean } from '../schema/suggest';
import type { GraphNode, GraphStep, InferenceGraph } from './types';

const SCHEMA = manifestSchema(INFERENCE_GRAPH_KIND);
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const MAX_LABEL = 63;
export const ROOT_NODE = 'root';

/**
 * Everything that is wrong with an InferenceGraph looked at alone. Beyond KServe's webhook: nodes that do not exist,
 * cycles (its router recurses until the stack ends), nodes without steps, Switch steps without a condition.
 */
export function validateInferenceGraph(graph: InferenceGraph): readonly Problem[] {
  const shape = [...checkMetadata(graph.metadata), ...checkSchema(SCHEMA, graph, '')];
  if (shape.some((p) => p.severity === 'error' && p.code !== 'ISVC_API_UNKNOWN_FIELD')) return shape;
  const problems = [...shape];
  const report = reporter(problems);
  const { nodes, minReplicas = 1, maxReplicas = 0 } = graph.spec;
  const { name } = graph.metadata;
  if (typeof name !== 'string' || !NAME.test(name) || name.length > MAX_LABEL) {
    report('metadata.name', `must start with a letter and hold at most ${MAX_LABEL} lower case letters, digits and "-", got ${JSON.stringify(name)}`);
  }
  if (!nodes[ROOT_NODE]) {
    report('spec.nodes', `has no node called ${ROOT_NODE}, where requests enter; it has ${Object.keys(nodes).join(', ') || 'none'}`, `call the first node ${ROOT_NODE}`, 'ISVC_API_REQUIRED');
  }
  for (const [key, node] of Object.entries(nodes)) checkNode(node, `spec.nodes.${key}`, Object.keys(nodes), report);
  const cycle = findCycle(nodes);
  if (cycle) report('spec.nodes', `runs in a circle: ${cycle.join(' -> ')}`, 'a request must come to an end; call a service instead of the first node');
  if (maxReplicas !== 0 && minReplicas > maxReplicas) report('spec.maxReplicas', `must not be below minReplicas (${minReplicas}), got ${maxReplicas}`, 'raise maxReplicas or lower minReplicas');
  return problems;
}

function checkNode(node: GraphNode, path: string, names: readonly string[], report: Report): void {
  const steps = node.steps ?? [];
  if (steps.length === 0) report(`${path}.steps`, 'is empty: the node calls nothing', 'add a step with serviceName, nodeName or serviceUrl', 'ISVC_API_REQUIRED');
  const seen = new Set<string>();
  steps.forEach((step, index) => {
    const at = `${path}.steps[${index}]`;
    checkTarget(step, at, names, report);
    if (step.name !== undefined && seen.has(step.name)) report(`${at}.name`, `"${step.name}" is the name of another step of the node`, 'give each step its own name');
    if (step.name !== undefined) seen.add(step.name);
    if (node.routerType === 'Splitter' && step.weight === undefined) report(`${at}.weight`, 'is missing: a Splitter needs the share of each step', undefined, 'ISVC_API_REQUIRED');
    if (node.routerType === 'Switch' && !step.condition) report(`${at}.condition`, 'is missing: a Switch takes the first step whose condition holds', undefined, 'ISVC_API_REQUIRED');
  });
  const sum = steps.reduce((total, step) => total + (step.weight ?? 0), 0);
  if (node.routerType === 'Splitter' && steps.length > 0 && sum !== 100) report(`${path}.steps`, `weights of a Splitter must add up to 100, got ${sum}`);
}

function checkTarget(step: GraphStep, path: string, names: readonly string[], report: Report): void {
  const given = (['nodeName', 'serviceName', 'serviceUrl'] as const).filter((field) => step[field]);
  if (given.length === 0) report(path, 'calls nothing: exactly one of nodeName, serviceName or serviceUrl is needed', undefined, 'ISVC_API_EXACTLY_ONE');
  if (given.length > 1) report(path, `calls ${given.join(' and ')}; exactly one is allowed`, `keep one of ${given.join(', ')}`, 'ISVC_API_EXACTLY_ONE');
  if (step.nodeName && !names.includes(step.nodeName)) report(`${path}.nodeName`, `there is no node "${step.nodeName}"`, didYouMean(step.nodeName, names) ?? `nodes are ${names.join(', ')}`);
  if (step.serviceUrl && !/^https?:\/\/[^/\s]+/.test(step.serviceUrl)) report(`${path}.serviceUrl`, `must be an http or https address, got "${step.serviceUrl}"`);
}

/** One circle of nodes, its first node again at the end; undefined when there is none. */
function findCycle(nodes: Readonly<Record<string, GraphNode>>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): readonly string[] | undefined => {
    const start = trail.indexOf(name);
    if (start !== -1) return [...trail.slice(start), name];
    if (done.has(name)) return undefined;
    for (const step of nodes[name]?.steps ?? []) {
      const found = step.nodeName === undefined ? undefined : visit(step.nodeName, [...trail, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(nodes)) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
}

export function isInferenceGraph(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return object.apiVersion === SERVING_RUNTIME_API && object.kind === 'InferenceGraph';
}
