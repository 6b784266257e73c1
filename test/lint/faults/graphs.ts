import type { ObjectFault } from '../faults';
import type { Random } from '../random';
import { docsOf, mapIn, type Doc, type Json } from '../sites';
import { misspelt } from './fields';

function inGraph(change: (nodes: Doc, steps: readonly Doc[], random: Random) => string | undefined): ObjectFault {
  return (docs, random) => {
    const graph = random.pick(docsOf(docs, 'InferenceGraph'));
    if (!graph) return undefined;
    const nodes = mapIn(mapIn(graph['spec'])['nodes']);
    const steps = Object.values(nodes).flatMap((n) => (mapIn(n)['steps'] as Json[] | undefined) ?? []).map(mapIn);
    return change(nodes, steps, random);
  };
}

/** Faults of graphs. */
export const graphFaults: Readonly<Record<string, ObjectFault>> = {
  'graph without root': inGraph((nodes) => {
    nodes['start'] = nodes['root'] ?? null;
    delete nodes['root'];
    return 'root is called start';
  }),
  'graph in a circle': inGraph((_nodes, steps, random) => {
    const step = random.pick(steps.filter((s) => s['serviceName'] !== undefined));
    if (!step) return undefined;
    delete step['serviceName'];
    step['nodeName'] = 'root';
    return 'a step leads back to root';
  }),
  'step to nowhere': inGraph((_nodes, steps, random) => {
    const step = random.pick(steps.filter((s) => s['serviceName'] ?? s['nodeName']));
    if (!step) return undefined;
    const field = step['serviceName'] === undefined ? 'nodeName' : 'serviceName';
    step[field] = misspelt(String(step[field]), random);
    return `${field} is ${String(step[field])}`;
  }),
  'step with two targets': inGraph((_nodes, steps, random) => {
    const step = random.pick(steps.filter((s) => s['serviceName'] !== undefined));
    if (!step) return undefined;
    step['serviceUrl'] = 'http://other.example.com';
    return 'a step calls a service and an address';
  }),
  'step without a target': inGraph((_nodes, steps, random) => {
    const step = random.pick(steps);
    if (!step) return undefined;
    for (const field of ['serviceName', 'nodeName', 'serviceUrl']) delete step[field];
    return 'a step calls nothing';
  }),
  'weights that are not 100': inGraph((_nodes, steps, random) => {
    const step = random.pick(steps.filter((s) => s['weight'] !== undefined));
    if (!step) return undefined;
    step['weight'] = Number(step['weight']) + (random.pick([-5, 5, 10]) ?? 5);
    return `a weight is ${String(step['weight'])}`;
  }),
  'node that nothing calls': inGraph((nodes) => {
    nodes['spare'] = { routerType: 'Sequence', steps: [{ serviceUrl: 'http://spare.example.com' }] };
    return 'node spare is not called';
  }),
};
