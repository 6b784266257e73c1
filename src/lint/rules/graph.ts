import { isInferenceGraph, type InferenceGraph } from '../../api';
import type { LintContext } from '../context';
import { documents, graph, service } from '../example';
import { keyPath } from '../read';
import type { Hit, Rule } from '../rule';
import { wrapped } from './wrapped';

function graphsOf({ objects }: LintContext): readonly { readonly on: LintContext['objects'][number]; readonly nodes: InferenceGraph['spec']['nodes'] }[] {
  return objects.filter((o) => o.usable && isInferenceGraph(o.object)).map((on) => ({ on, nodes: (on.object as InferenceGraph).spec.nodes }));
}

function* unreachable(context: LintContext): Generator<Hit> {
  for (const { on, nodes } of graphsOf(context)) {
    if (!nodes['root']) continue;
    const reached = new Set<string>();
    const queue = ['root'];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      queue.push(...(nodes[name]?.steps ?? []).flatMap((s) => (s.nodeName ? [s.nodeName] : [])));
    }
    for (const name of Object.keys(nodes)) {
      if (!reached.has(name)) yield { on, path: keyPath('spec.nodes', name), message: `no step leads from root to node "${name}"`, hint: 'call it with nodeName, or remove it' };
    }
  }
}

/** Fields of a step that its node's kind does not read. */
function* idleFields(context: LintContext): Generator<Hit> {
  for (const { on, nodes } of graphsOf(context)) {
    for (const [name, node] of Object.entries(nodes)) {
      for (const [i, step] of (node.steps ?? []).entries()) {
        const at = `${keyPath('spec.nodes', name)}.steps[${i}]`;
        if (step.weight !== undefined && node.routerType !== 'Splitter') yield { on, path: `${at}.weight`, message: `has no effect in a ${node.routerType}`, hint: 'make the node a Splitter, or remove it' };
        if (step.condition && node.routerType === 'Splitter') yield { on, path: `${at}.condition`, message: 'has no effect in a Splitter', hint: 'make the node a Switch, or remove it' };
      }
    }
  }
}

const SERVICE = service(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`);
const CALL = graph('root:\n  routerType: Sequence\n  steps: [{ serviceName: iris }]');

/** Graphs of services. What a graph must be by itself (cycles, weights, targets) is among the API rules. */
export const GRAPH_RULES: readonly Rule[] = [
  wrapped('ISVC_RENDER_GRAPH', {
    title: 'Services that a graph calls exist',
    why: 'The router gets the address of each service when it is made; a service that is not there, or speaks gRPC only, cannot be called.',
    bad: documents(SERVICE, CALL.replace('serviceName: iris', 'serviceName: irsi')), good: documents(SERVICE, CALL),
  }),
  {
    code: 'ISVC_LINT_GRAPH_UNREACHABLE', severity: 'warning', title: 'Every node of a graph is reached',
    why: 'Requests enter at root and go where steps lead. A node that no step names is a branch that somebody forgot to connect.',
    bad: documents(SERVICE, graph('root:\n  routerType: Sequence\n  steps: [{ serviceName: iris }]\nfallback:\n  routerType: Sequence\n  steps: [{ serviceName: iris }]')),
    good: documents(SERVICE, graph('root:\n  routerType: Sequence\n  steps: [{ nodeName: fallback }]\nfallback:\n  routerType: Sequence\n  steps: [{ serviceName: iris }]')), check: unreachable,
  },
  {
    code: 'ISVC_LINT_GRAPH_IDLE_FIELD', severity: 'warning', title: 'Steps have fields that their node reads',
    why: 'Weights split only in a Splitter, and a Splitter looks at no condition: the graph does something else than it says.',
    bad: documents(SERVICE, graph('root:\n  routerType: Sequence\n  steps: [{ serviceName: iris, weight: 50 }]')), good: documents(SERVICE, graph('root:\n  routerType: Splitter\n  steps: [{ serviceName: iris, weight: 100 }]')), check: idleFields,
  },
];
