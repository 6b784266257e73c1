import type { Chart } from 'cdk8s';
import { InferenceService, Storage } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: Storage.oci('registry.example/iris:3') } });
}
