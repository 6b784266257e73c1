import type { Chart } from 'cdk8s';
import { InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris/v3' },
    transformer: { minReplicas: 2, image: 'registry.example/features:3', env: [{ name: 'LOG_LEVEL', value: 'info' }] },
  });
}
