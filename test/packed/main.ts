// What a user's infra repo may write: every public construct and every subpath. Type-checked and run from the packed
// tarball by scripts/packed-tarball.mjs, in a repo made from cdk8s's own template.
import { App, Chart, JsonPatch, Size } from 'cdk8s';
import {
  Canary, ClusterServingRuntime, Controller, Credentials, Gpu, GpuNodes, GpuPredictor, GpuScale, InferenceGraph, InferenceService, KedaMetric, LintValidation, ModelFormat, Platform,
  Scale, ServingRuntime, Storage, type InferenceServiceProps,
} from 'cdk8s-kserve';
import { BUILT_IN_RUNTIMES, IsvcError, type KubeObject } from 'cdk8s-kserve/api';
import { InferenceService as ImportedService } from 'cdk8s-kserve/imports/serving.kserve.io';
import { lint } from 'cdk8s-kserve/lint';
import { planResources } from 'cdk8s-kserve/plan';
import { render, worldFromObjects } from 'cdk8s-kserve/render';
import { computeStatus } from 'cdk8s-kserve/status';

const app = new App();
const chart = new Chart(app, 'models', { namespace: 'team' });
Platform.of(chart, { mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/traefik-gateway', keda: { prometheus: 'http://prometheus.monitoring:9090' } });

const predictor: InferenceServiceProps['predictor'] = {
  modelFormat: ModelFormat.sklearn('1'), storageUri: Storage.s3('models/iris/v3'), minReplicas: 1, maxReplicas: 5, scale: Scale.cpu(65),
  credentials: Credentials.serviceAccount('reader'), resources: { requests: { memory: '512Mi' }, limits: { memory: '512Mi' } },
};
const iris = new InferenceService(chart, 'iris', { predictor });
new Canary(chart, 'iris-v4', { of: iris, predictor: { storageUri: 's3://models/iris/v4' }, steps: [10, 50, 100] });
const other = new InferenceService(chart, 'other', { predictor: { modelFormat: 'xgboost', storageUri: 's3://models/other', maxReplicas: 2, scale: Scale.keda(KedaMetric.cpu(70)) } });
const graph = new InferenceGraph(chart, 'fraud');
graph.root.sequence(iris, graph.split([[iris, 80], [other, 20]]));
new GpuPredictor(chart, 'classifier', {
  modelFormat: 'triton', storageUri: 's3://models/classifier/v5', gpu: Gpu.nvidia({ count: 1, memory: '24Gi' }), nodes: GpuNodes.discovered(), scale: GpuScale.queue(), maxReplicas: 4,
});
new ServingRuntime(chart, 'mine', { supportedModelFormats: [{ name: 'mine', autoSelect: true }], containers: [{ name: 'kserve-container', image: 'team/mine:1' }] });
new ClusterServingRuntime(chart, 'everybodys', { supportedModelFormats: [{ name: 'everybodys' }], containers: [{ name: 'kserve-container', image: 'company/server:1' }] });
const imported = new ImportedService(chart, 'plain', { spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/plain' } } } });
imported.addJsonPatch(JsonPatch.add('/metadata/labels', { size: String(Size.gibibytes(1).toMebibytes()) }));

const install = new Chart(app, 'install');
new Controller(install, 'controller', { serviceMonitor: {} });

app.synth();

// The pure functions, for tests and tools of the user's own.
const { world } = worldFromObjects([]);
const rendered = render(iris.resource, world);
const status = computeStatus({ service: iris.resource, rendered, children: [], pods: [], now: '2026-01-01T00:00:00Z' });
const objects: KubeObject[] = [iris.resource];
const findings = lint(objects.map((object) => ({ object })));
const same = planResources([], []);
if (BUILT_IN_RUNTIMES.length === 0 || findings.some((f) => f.severity === 'error') || same.summary.added > 0 || status.conditions === undefined || !(LintValidation instanceof Function)) {
  throw new IsvcError('ISVC_CONSTRUCT_MISUSE', 'a public function does not do what it says');
}
