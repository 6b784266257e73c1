import type { Chart } from 'cdk8s';
import { InferenceService, ModelFormat, Storage } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'iris', {
    ...as,
    annotations: { 'storage.kserve.io/readonly': 'false' },
    predictor: { modelFormat: ModelFormat.sklearn('1'), storageUri: Storage.pvc('iris-models', 'svc/v2') },
  });
}
