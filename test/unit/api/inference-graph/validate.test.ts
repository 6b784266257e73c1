import { validateInferenceGraph, type InferenceGraph } from '../../../../src/api';

function graph(nodes: object, spec: object = {}): InferenceGraph {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph', metadata: { name: 'chain', namespace: 'ns' }, spec: { nodes, ...spec } } as InferenceGraph;
}
const call = { serviceName: 'a' };
const sequence = (...steps: readonly object[]): object => ({ routerType: 'Sequence', steps });

describe('validateInferenceGraph', () => {
  it.each<[string, InferenceGraph, readonly string[]]>([
    ['a good one', graph({ root: sequence(call, { serviceUrl: 'http://x/y' }) }), []],
    ['no root', graph({ start: sequence(call) }), ['spec.nodes']],
    ['an unknown router', graph({ root: { routerType: 'Random', steps: [call] } }), ['spec.nodes.root.routerType']],
    ['no steps', graph({ root: sequence() }), ['spec.nodes.root.steps']],
    ['a step without a target', graph({ root: sequence({ name: 'x' }) }), ['spec.nodes.root.steps[0]']],
    ['a step with two targets', graph({ root: sequence({ ...call, serviceUrl: 'http://x' }) }), ['spec.nodes.root.steps[0]']],
    ['an unknown node', graph({ root: sequence({ nodeName: 'nowhere' }) }), ['spec.nodes.root.steps[0].nodeName']],
    ['an address that is none', graph({ root: sequence({ serviceUrl: 'x/y' }) }), ['spec.nodes.root.steps[0].serviceUrl']],
    ['two steps of one name', graph({ root: sequence({ ...call, name: 'x' }, { ...call, name: 'x' }) }), ['spec.nodes.root.steps[1].name']],
    ['weights that are not 100', graph({ root: { routerType: 'Splitter', steps: [{ ...call, weight: 10 }, { ...call, weight: 80 }] } }), ['spec.nodes.root.steps']],
    ['a Splitter without weights', graph({ root: { routerType: 'Splitter', steps: [call] } }), ['spec.nodes.root.steps[0].weight', 'spec.nodes.root.steps']],
    ['a Switch without a condition', graph({ root: { routerType: 'Switch', steps: [call] } }), ['spec.nodes.root.steps[0].condition']],
    ['min above max', graph({ root: sequence(call) }, { minReplicas: 5, maxReplicas: 2 }), ['spec.maxReplicas']],
  ])('%s', (_what, input, paths) => expect(validateInferenceGraph(input).map((p) => p.path)).toEqual(paths));

  it('shows a circle node by node', () => {
    const problems = validateInferenceGraph(graph({ root: sequence({ nodeName: 'a' }), a: sequence({ nodeName: 'b' }), b: sequence({ nodeName: 'a' }) }));
    expect(problems.map((p) => p.message)).toEqual(['runs in a circle: a -> b -> a']);
  });

  it('takes a node that two others call for no circle', () => {
    const nodes = { root: sequence({ nodeName: 'a' }, { nodeName: 'b' }), a: sequence({ nodeName: 'c' }), b: sequence({ nodeName: 'c' }), c: sequence(call) };
    expect(validateInferenceGraph(graph(nodes))).toEqual([]);
  });
});
