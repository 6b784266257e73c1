import type { Chart } from 'cdk8s';
import { InferenceService, ModelFormat, ServingRuntime } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new ServingRuntime(chart, 'team-sklearn', {
    supportedModelFormats: [{ name: 'sklearn', version: '2', autoSelect: true }],
    labels: { from: 'runtime' },
    annotations: { 'prometheus.kserve.io/port': '8080' },
    nodeSelector: { pool: 'models' },
    tolerations: [{ key: 'models', operator: 'Exists' }],
    containers: [
      {
        name: 'kserve-container',
        image: 'team/sklearn:1.0',
        args: ['--model_name={{.Name}}', '--tier={{.Labels.tier}}'],
        env: [{ name: 'FIRST', value: '1' }, { name: 'LOG', value: 'info' }],
        resources: { requests: { cpu: '1' }, limits: { cpu: '2' } },
      },
      { name: 'exporter', image: 'team/exporter:1' },
    ],
  });
  new InferenceService(chart, 'merged', {
    ...as,
    labels: { tier: '1' },
    predictor: {
      modelFormat: ModelFormat.sklearn('2'),
      runtimeVersion: '2.1.0',
      storageUri: 's3://models/iris',
      args: ['--workers=2'],
      env: [{ name: 'LOG', value: 'debug' }, { name: 'EXTRA', value: '1' }],
      resources: { limits: { 'nvidia.com/gpu': '1' } },
      pod: { tolerations: [{ key: 'gpu', operator: 'Exists' }] },
    },
  });
}
