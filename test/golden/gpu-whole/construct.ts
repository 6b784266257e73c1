import type { Chart } from 'cdk8s';
import { Gpu, GpuPredictor } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const { mode: _raw, ...own } = as;
  new GpuPredictor(chart, 'classifier', {
    ...own, modelFormat: 'triton', storageUri: 's3://models/classifier/v5', gpu: Gpu.nvidia({ count: 2, memory: '24Gi' }), modelSize: '15Gi',
  });
}
