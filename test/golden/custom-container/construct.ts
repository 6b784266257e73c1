import type { Chart } from 'cdk8s';
import { InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'custom', {
    ...as,
    predictor: {
      containers: [{ name: 'kserve-container', image: 'example/model:1', ports: [{ containerPort: 9000, name: 'h2c', protocol: 'TCP' }], env: [{ name: 'MODE', value: 'fast' }] }],
      pod: { nodeSelector: { disk: 'ssd' } },
    },
  });
}
