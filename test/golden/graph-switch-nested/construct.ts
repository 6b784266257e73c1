import type { Chart } from 'cdk8s';
import { InferenceGraph, InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const first = new InferenceService(chart, 'first', { predictor: { modelFormat: 'sklearn', storageUri: 's3://models/first' } });
  const second = new InferenceService(chart, 'second', { predictor: { modelFormat: 'xgboost', storageUri: 's3://models/second' } });
  const graph = new InferenceGraph(chart, 'chain', as);
  const both = graph.ensemble(graph.call(first, { name: 'a' }), graph.call(second, { name: 'b' }));
  graph.root.switch([['instances.#(kind=="dog")', both]]);
}
