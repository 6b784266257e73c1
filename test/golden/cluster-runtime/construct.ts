import type { Chart } from 'cdk8s';
import { ClusterServingRuntime, InferenceService } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  new ClusterServingRuntime(chart, 'company-sklearn', {
    supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 4 }],
    protocolVersions: ['v1', 'v2'],
    containers: [{ name: 'kserve-container', image: 'company/sklearn:1', args: ['--model_name={{.Name}}'] }],
  });
  new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris/v3' } });
}
