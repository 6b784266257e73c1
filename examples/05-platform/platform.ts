import { Chart, type ChartProps } from 'cdk8s';
import { Credentials, InferenceService, Platform, Scale } from 'cdk8s-kserve';
import { Construct } from 'constructs';

/** A chart with what the platform team decided for everybody. */
export class ModelChart extends Chart {
  constructor(scope: Construct, team: string, props: ChartProps = {}) {
    super(scope, team, { namespace: team, labels: { 'example.com/team': team }, ...props });
    Platform.of(this, { mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/traefik-gateway' });
  }
}

export interface TabularModelProps {
  readonly format: 'sklearn' | 'xgboost' | 'lightgbm';
  /** Version below `s3://models/TEAM/NAME/`. */
  readonly version: string;
  /** `critical` models run twice and may lose one pod at a time; the others may be down for a moment. */
  readonly tier?: 'standard' | 'critical';
}

/** The blessed way to serve a tabular model: the team says what is its own, the rest is the platform's. */
export class TabularModel extends Construct {
  readonly service: InferenceService;

  constructor(scope: Construct, name: string, { format, version, tier = 'standard' }: TabularModelProps) {
    super(scope, name);
    const team = Chart.of(this).namespace ?? 'default';
    const critical = tier === 'critical';
    this.service = new InferenceService(this, 'service', {
      name,
      predictor: {
        modelFormat: format,
        storageUri: `s3://models/${team}/${name}/${version}`,
        credentials: Credentials.serviceAccount('model-reader'),
        minReplicas: critical ? 2 : 1,
        maxReplicas: 6,
        scale: Scale.cpu(65),
        resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '1', memory: '512Mi' } },
        ...(critical ? { annotations: { 'serving.cdk8s-kserve.io/max-unavailable': '1' } } : {}),
      },
    });
  }
}
