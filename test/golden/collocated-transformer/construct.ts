import type { Chart } from 'cdk8s';
import { InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new InferenceService(chart, 'iris', {
    ...as,
    predictor: {
      modelFormat: 'sklearn',
      storageUri: 's3://models/iris/v3',
      containers: [{
        name: 'transformer-container', image: 'registry.example/features:3', args: ['--model_name={{.Name}}', '--predictor_port=8081'], ports: [{ containerPort: 8080, protocol: 'TCP' }],
      }],
    },
  });
}
