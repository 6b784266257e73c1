import { App, Chart } from 'cdk8s';
import { InferenceGraph, InferenceService, Platform } from 'cdk8s-kserve';

const app = new App();
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
Platform.of(chart, { mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/traefik-gateway' });

const model = (name: string, format: string): InferenceService =>
  new InferenceService(chart, name, { predictor: { modelFormat: format, storageUri: `pvc://fraud-models/${name}` } });

const features = model('features', 'sklearn');
const modelA = model('model-a', 'xgboost');
const modelB = model('model-b', 'lightgbm');

// A request goes to the features first; four in five of what they answer to model A, the rest to model B.
const graph = new InferenceGraph(chart, 'fraud');
graph.root.sequence(features, graph.split([[modelA, 80], [modelB, 20]]));

// Both models at once, each answer under a name; the request fails with either of them.
const compare = new InferenceGraph(chart, 'compare', { minReplicas: 2, maxReplicas: 4, timeout: 30 });
compare.root.ensemble(
  compare.call(modelA, { name: 'a', dependency: 'Hard' }),
  compare.call(modelB, { name: 'b', dependency: 'Hard' }),
);

app.synth();
