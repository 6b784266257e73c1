import { App, Chart } from 'cdk8s';
import type { KubeObject } from '../../../src/api';
import { InferenceGraph, InferenceService, type InferenceGraphProps } from '../../../src';

interface Parts {
  readonly chart: Chart;
  readonly graph: InferenceGraph;
  readonly service: (name: string) => InferenceService;
}

function parts(props: InferenceGraphProps = {}): Parts {
  const chart = new Chart(new App(), 'chart', { namespace: 'team' });
  const service = (name: string): InferenceService => new InferenceService(chart, name, { predictor: { modelFormat: 'sklearn', storageUri: `s3://m/${name}` } });
  return { chart, service, graph: new InferenceGraph(chart, 'fraud', props) };
}
const nodesOf = (chart: Chart): unknown => ((chart.toJson() as KubeObject[]).find((o) => o.kind === 'InferenceGraph')?.['spec'] as { nodes: unknown }).nodes;

describe('InferenceGraph', () => {
  it('reads like the way of a request', () => {
    const { chart, graph, service } = parts();
    graph.root.sequence(service('features'), graph.split([[service('model-a'), 80], [service('model-b'), 20]]));
    expect(nodesOf(chart)).toEqual({
      root: { routerType: 'Sequence', steps: [{ serviceName: 'features' }, { nodeName: 'splitter-1', data: '$response' }] },
      'splitter-1': { routerType: 'Splitter', steps: [{ serviceName: 'model-a', weight: 80 }, { serviceName: 'model-b', weight: 20 }] },
    });
  });

  it('has ensembles, switches, addresses and options of a call', () => {
    const { chart, graph, service } = parts();
    const ensemble = graph.ensemble(graph.call(service('a'), { name: 'first' }), 'http://other.example.com');
    graph.root.switch([['instances.#(kind=="x")', ensemble], ['instances', service('b')]]);
    expect(nodesOf(chart)).toMatchObject({
      root: { routerType: 'Switch', steps: [{ nodeName: 'ensemble-1', condition: 'instances.#(kind=="x")' }, { serviceName: 'b', condition: 'instances' }] },
      'ensemble-1': { routerType: 'Ensemble', steps: [{ serviceName: 'a', name: 'first' }, { serviceUrl: 'http://other.example.com' }] },
    });
  });

  it('expands to its router', () => {
    const { chart, graph, service } = parts({ output: 'expand', mode: 'RawDeployment' });
    graph.root.sequence(service('a'));
    const kinds = (chart.toJson() as KubeObject[]).filter((o) => o.metadata.name === 'fraud').map((o) => o.kind);
    expect(kinds).toEqual(expect.arrayContaining(['Service', 'Deployment']));
  });

  it.each<[string, (p: Parts) => void, string]>([
    ['shares that are not 100', ({ graph, service }) => graph.root.split([[service('a'), 80], [service('b'), 10]]), 'must add up to 100'],
    ['a second root', ({ graph, service }) => { graph.root.sequence(service('a')); graph.root.sequence('http://x.example.com'); }, 'the root is defined twice'],
    ['a node that nothing calls', ({ graph, service }) => { graph.split([[service('a'), 100]]); graph.root.sequence('http://x.example.com'); }, 'is called by nothing'],
    ['a node of another graph', ({ chart, graph }) => graph.root.sequence(new InferenceGraph(chart, 'other').split([['http://x.example.com', 100]])), 'belongs to another graph'],
    ['its resource before the root', ({ graph }) => void graph.resource, 'the graph has no root yet'],
  ])('stops at %s', (_what, build, text) => expect(() => build(parts())).toThrow(text));

  it('is refused at synthesis without a root', () => {
    const { chart } = parts();
    expect(chart.node.findAll().flatMap((c) => c.node.validate())).toEqual([expect.stringContaining('the graph has no root')]);
  });
});
