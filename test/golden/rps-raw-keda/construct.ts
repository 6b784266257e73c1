import type { Chart } from 'cdk8s';
import { InferenceService, Platform, Scale } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  Platform.of(chart, { ...(as.target ? { target: as.target } : {}), keda: { prometheus: 'http://prometheus:9090' } });
  new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris/v3', maxReplicas: 5, scale: Scale.rps(50) } });
}
