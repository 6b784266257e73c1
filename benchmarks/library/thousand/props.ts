import type { InferenceServiceProps } from 'cdk8s-kserve';

export const SERVICES = 1000;
export const TEAMS = 20;

/** The i-th service of a team: raw, with a transformer, scaled on cpu. */
export function serviceProps(team: number, i: number): InferenceServiceProps {
  return {
    mode: 'RawDeployment',
    labels: { team: `team-${team}` },
    predictor: {
      modelFormat: 'sklearn', storageUri: `s3://models/m${i}/v1`, minReplicas: 2, maxReplicas: 5, scaleMetric: 'cpu', scaleTarget: 60,
      resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } },
    },
    transformer: { image: 'team/transformer:1.2', env: [{ name: 'LEVEL', value: 'info' }] },
  };
}
