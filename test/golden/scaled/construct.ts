import type { Chart } from 'cdk8s';
import { InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'scaled', {
    ...as,
    predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris', minReplicas: 2, maxReplicas: 6, timeout: 30 },
  });
}
