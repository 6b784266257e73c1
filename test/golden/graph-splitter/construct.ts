import type { Chart } from 'cdk8s';
import { InferenceGraph, InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const first = new InferenceService(chart, 'first', { predictor: { modelFormat: 'sklearn', storageUri: 's3://models/first' } });
  const graph = new InferenceGraph(chart, 'chain', as);
  graph.root.split([[first, 80], ['http://elsewhere/v1/models/x:predict', 20]]);
}
