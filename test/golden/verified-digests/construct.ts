import type { Chart } from 'cdk8s';
import { InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const annotations = { 'serving.cdk8s-kserve.io/model-digests': 'iris-digests' };
  new InferenceService(chart, 'iris', { ...as, annotations, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris' } });
}
