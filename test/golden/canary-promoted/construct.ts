import type { Chart } from 'cdk8s';
import { Canary, InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const of = new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris/v3', minReplicas: 2 } });
  new Canary(chart, 'iris-v4', { of, predictor: { storageUri: 's3://models/iris/v4' }, steps: [25, 100], at: 100 });
}
