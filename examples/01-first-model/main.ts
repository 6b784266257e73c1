import { App, Chart } from 'cdk8s';
import { InferenceService, Platform } from 'cdk8s-kserve';

const app = new App();
Platform.of(app, { domain: 'example.com' });

// The same model in both modes: a Deployment behind a Gateway API route, and a Knative Service that scales to zero.
for (const mode of ['RawDeployment', 'Serverless'] as const) {
  const chart = new Chart(app, `iris-${mode.toLowerCase()}`, { namespace: mode.toLowerCase() });
  new InferenceService(chart, 'iris', {
    mode,
    predictor: {
      modelFormat: 'sklearn',
      storageUri: 'pvc://iris-models/svc',
      minReplicas: mode === 'Serverless' ? 0 : 1,
      maxReplicas: 3,
    },
  });
}

app.synth();
