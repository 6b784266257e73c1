import type { Chart } from 'cdk8s';
import { InferenceService, Scale } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'lazy', {
    ...as,
    labels: { team: 'fraud' },
    annotations: { 'serving.knative.dev/rollout-duration': '60s', team: 'fraud' },
    predictor: {
      modelFormat: 'sklearn', storageUri: 's3://models/iris', minReplicas: 0, maxReplicas: 3, scale: Scale.concurrency(5), containerConcurrency: 10, timeout: 20,
    },
  });
}
