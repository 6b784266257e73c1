import type { Chart } from 'cdk8s';
import { Gpu, GpuPredictor, Platform } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const { mode: _raw, ...own } = as;
  Platform.of(chart, { keda: { prometheus: 'http://prometheus.monitoring:9090' } });
  new GpuPredictor(chart, 'classifier', {
    ...own, modelFormat: 'triton', storageUri: 's3://models/classifier/v5', gpu: Gpu.nvidia({ mig: '1g.10gb' }), maxReplicas: 3,
  });
}
