import type { Chart } from 'cdk8s';
import { Canary, InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const of = new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris/v2' } });
  new Canary(chart, 'iris-v3', {
    of, predictor: { storageUri: 's3://models/iris/v3' }, stableRevision: 'iris-predictor-00007', steps: [10, 100], at: 0,
  });
}
