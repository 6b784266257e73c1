import type { Chart } from 'cdk8s';
import { InferenceService, KedaMetric, Scale } from '../../../src';
import type { BuildProps } from '../../support/golden-construct';

export function build(chart: Chart, as: BuildProps): void {
  const waiting = KedaMetric.prometheus({ serverAddress: 'http://prometheus.monitoring:9090', query: 'sum(requests_waiting)', perReplica: 2.5 });
  const scale = Scale.keda(waiting, KedaMetric.cpu(70)).withBehavior({ scaleDown: { stabilizationWindowSeconds: 60 } });
  new InferenceService(chart, 'iris', { ...as, predictor: { modelFormat: 'sklearn', storageUri: 's3://models/iris/v3', maxReplicas: 5, scale } });
}
