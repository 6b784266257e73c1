import { App, Chart } from 'cdk8s';
import { Canary, InferenceService, Platform, Scale } from 'cdk8s-kserve';

const app = new App();

// By weight: the one line to change is `at`. 100 promotes, 0 takes the new version out of the traffic.
const weighted = new Chart(app, 'weighted', { namespace: 'weighted' });
Platform.of(weighted, { mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/traefik-gateway' });
const iris = new InferenceService(weighted, 'iris', {
  predictor: { modelFormat: 'sklearn', storageUri: 'pvc://iris-models/v3', minReplicas: 2, maxReplicas: 5, scale: Scale.cpu(65) },
});
new Canary(weighted, 'iris-v4', { of: iris, predictor: { storageUri: 'pvc://iris-models/v4' }, steps: [10, 50, 100], at: 10 });

// Blue/green: the new version gets no requests but has an address of its own until `at` becomes 100.
const blueGreen = new Chart(app, 'blue-green', { namespace: 'blue-green' });
Platform.of(blueGreen, { mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/traefik-gateway' });
const flowers = new InferenceService(blueGreen, 'flowers', { predictor: { modelFormat: 'sklearn', storageUri: 'pvc://iris-models/v3' } });
new Canary(blueGreen, 'flowers-green', { of: flowers, predictor: { storageUri: 'pvc://iris-models/v4' }, strategy: 'BlueGreen', at: 0 });

// Shadow: copies of all requests, whose answers nobody sees.
const shadow = new Chart(app, 'shadow', { namespace: 'shadow' });
Platform.of(shadow, { mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/traefik-gateway' });
const petals = new InferenceService(shadow, 'petals', { predictor: { modelFormat: 'sklearn', storageUri: 'pvc://iris-models/v3' } });
new Canary(shadow, 'petals-next', { of: petals, predictor: { storageUri: 'pvc://iris-models/v4' }, strategy: 'Shadow' });

// Serverless: the new version is the next Knative revision.
const knative = new Chart(app, 'serverless', { namespace: 'serverless' });
Platform.of(knative, { mode: 'Serverless', domain: 'models.example.com' });
const sepals = new InferenceService(knative, 'sepals', { predictor: { modelFormat: 'sklearn', storageUri: 'pvc://iris-models/v3', minReplicas: 1 } });
new Canary(knative, 'sepals-v4', { of: sepals, predictor: { storageUri: 'pvc://iris-models/v4' }, steps: [10, 50, 100], at: 50 });

app.synth();
