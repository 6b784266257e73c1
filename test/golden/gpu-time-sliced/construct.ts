import type { Chart } from 'cdk8s';
import { Gpu, GpuNodes, GpuPredictor } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const { mode: _raw, ...own } = as;
  new GpuPredictor(chart, 'classifier', {
    ...own, modelFormat: 'triton', storageUri: 's3://models/classifier/v5', gpu: Gpu.nvidia({ timeSliced: true }), nodes: GpuNodes.aks({ spot: true }),
  });
}
