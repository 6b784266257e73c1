import type { Chart } from 'cdk8s';
import { InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const labels = { 'networking.kserve.io/visibility': 'cluster-local' };
  new InferenceService(chart, 'inner', { ...as, labels, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris' } });
}
