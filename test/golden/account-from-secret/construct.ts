import type { Chart } from 'cdk8s';
import { Credentials, InferenceService, Storage } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: Storage.s3('models/iris'), credentials: Credentials.fromSecret('store', { keys: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] }) } });
}
