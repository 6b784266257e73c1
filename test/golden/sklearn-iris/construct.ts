import type { Chart } from 'cdk8s';
import { InferenceService, type ModeName } from '../../../src';

export function build(chart: Chart, mode: ModeName): void {
  new InferenceService(chart, 'iris', { mode, output: 'expand', predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris/v3' } });
}
