import type { Chart } from 'cdk8s';
import { InferenceService, Platform } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  Platform.of(chart, {
    domain: 'models.example.org',
    gateway: 'infra/public',
    config: {
      ingress: { enableGatewayApi: true, ingressGateway: 'x/y', domainTemplate: '{{ .Name }}.{{ .Namespace }}.{{ .IngressDomain }}', urlScheme: 'https', disableHTTPRouteTimeout: true },
      storageInitializer: { image: 'mirror/storage:1', memoryLimit: '2Gi' },
      security: { autoMountServiceAccountToken: false },
    },
  });
  new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris' } });
}
