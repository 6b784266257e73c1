import type { Chart } from 'cdk8s';
import { Credentials, InferenceService, Platform, Storage } from '../../../src';
import type { KubeObject } from '../../../src/api';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps, world: readonly KubeObject[]): void {
  Platform.of(chart, { objects: world });
  new InferenceService(chart, 'iris', {
    ...as,
    predictor: { modelFormat: 'sklearn', storageUri: Storage.s3('models/iris'), credentials: Credentials.serviceAccount('trainer') },
  });
}
