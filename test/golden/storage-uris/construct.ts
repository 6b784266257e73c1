import type { Chart } from 'cdk8s';
import { InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'iris', {
    ...as,
    predictor: {
      modelFormat: 'sklearn',
      storageUris: [
        { uri: 's3://models/iris', mountPath: '/mnt/models/iris' },
        { uri: 'gs://models/features', mountPath: '/mnt/models/features' },
        { uri: 'pvc://lookup/tables', mountPath: '/mnt/tables' },
      ],
    },
  });
}
