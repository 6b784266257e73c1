import type { Chart } from 'cdk8s';
import { InferenceService, type ModeName } from '../../../src';

export function build(chart: Chart, mode: ModeName): void {
  new InferenceService(chart, 'scaled', {
    mode,
    output: 'expand',
    predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris', minReplicas: 2, maxReplicas: 6, timeout: 30 },
  });
}
