import { GATEWAY_API } from '../../api';
import { IRIS as GOOD, documents, object, plainObject, rawService, runtime, service } from '../example';
import type { Rule } from '../rule';
import { wrapped } from './wrapped';

const NAMED = service(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      runtime: team-runtime
      storageUri: s3://models/iris
`);
const RUNTIME = runtime(`
  supportedModelFormats: [{ name: sklearn, version: "1" }]
  containers:
    - name: kserve-container
      image: registry.example.com/sklearn:1.0
`);

const MULTI_NODE = (headGpus: number): string => rawService(`
  predictor:
    tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
    deploymentStrategy: { type: Recreate }
    model:
      modelFormat: { name: huggingface }
      runtime: kserve-huggingfaceserver-multinode
      protocolVersion: v2
      storageUri: oci://registry.example.com/models/llama:3
      resources: { limits: { nvidia.com/gpu: ${headGpus}, memory: 64Gi } }
    workerSpec:
      pipelineParallelSize: 2
      tensorParallelSize: 2
      tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
      containers:
        - name: worker-container
          resources: { limits: { nvidia.com/gpu: 2, memory: 64Gi } }
`, { annotations: 'serving.kserve.io/autoscalerClass: none' });

const SHADOW = rawService(`
  shadow: true
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris/v1
  canary:
    - trafficPercent: 100
      predictor: { name: v2, model: { storageUri: s3://models/iris/v2 } }
`);
const GATEWAY = object(GATEWAY_API, 'Gateway', `
  gatewayClassName: traefik
  listeners: [{ name: http, port: 80, protocol: HTTP }]
`, { name: 'kserve-ingress-gateway', namespace: 'kserve' });
const gatewayClass = (...features: readonly string[]): string => plainObject(GATEWAY_API, 'GatewayClass', `
  spec: { controllerName: traefik.io/gateway-controller }
  status: { supportedFeatures: [${features.map((name) => `{ name: ${name} }`).join(', ')}] }
`, { name: 'traefik' });

/** Faults of a service in its world: what would make the controller stop, found by the code that the controller runs. */
export const RENDER_RULES: readonly Rule[] = [
  wrapped('ISVC_RENDER_MISSING_API', {
    title: 'The cluster serves what the mode needs',
    why: 'A serverless service becomes a Knative Service, a published raw one an HTTPRoute, a KEDA scaler a ScaledObject. A cluster that lacks the API cannot take the child. Lint knows what the cluster serves from `apis` in .isvc-lint.yaml only.',
    bad: GOOD, good: rawService(GOOD.slice(GOOD.indexOf('spec:\n') + 'spec:\n'.length)), apis: [GATEWAY_API],
  }),
  wrapped('ISVC_RENDER_NO_RUNTIME', {
    title: 'Some runtime serves the model',
    why: 'Without a runtime that supports format, version and protocol the service gets no pods; the message says why each runtime was passed over.',
    bad: GOOD.replace('name: sklearn', 'name: skleran'), good: GOOD,
  }),
  wrapped('ISVC_RENDER_RUNTIME_NOT_FOUND', {
    title: 'A runtime that is named exists',
    why: 'A runtime is looked for in the service\'s namespace and then among the cluster\'s own.',
    bad: documents(NAMED.replace('runtime: team-runtime', 'runtime: team-runtimes'), RUNTIME), good: documents(NAMED, RUNTIME),
  }),
  wrapped('ISVC_RENDER_RUNTIME_DISABLED', {
    title: 'A runtime that is named is enabled',
    why: 'A disabled runtime is there for reference only and serves nothing.',
    bad: documents(NAMED, RUNTIME.replace('spec:\n', 'spec:\n  disabled: true\n')), good: documents(NAMED, RUNTIME),
  }),
  wrapped('ISVC_RENDER_RUNTIME_UNSUITABLE', {
    title: 'A runtime that is named can serve the model',
    why: 'The named runtime must list the format and speak the protocol that is asked for.',
    bad: documents(NAMED.replace('name: sklearn', 'name: xgboost'), RUNTIME), good: documents(NAMED, RUNTIME),
  }),
  wrapped('ISVC_RENDER_INVALID_RUNTIME', {
    title: 'Runtimes can be turned into pods',
    why: 'A placeholder that nothing fills, or a runtime without its server, fails only when a service uses it.',
    bad: documents(NAMED, RUNTIME.replace('image: registry.example.com/sklearn:1.0', 'image: registry.example.com/sklearn:1.0\n      args: ["--name={{.Nmae}}"]')),
    good: documents(NAMED, RUNTIME.replace('image: registry.example.com/sklearn:1.0', 'image: registry.example.com/sklearn:1.0\n      args: ["--name={{.Name}}"]')),
  }),
  wrapped('ISVC_RENDER_STORAGE_URI', {
    title: 'Something can fetch the model',
    why: 'A scheme that neither the fetcher nor a ClusterStorageContainer knows leaves every pod waiting in its init container.',
    bad: GOOD.replace('s3://', 'ftps://'), good: GOOD,
  }),
  wrapped('ISVC_RENDER_STORAGE', {
    title: 'What the model address needs is there',
    why: 'A storage key is looked up in the platform\'s storage secret, a named storage container among those that exist.',
    bad: service(`
      predictor:
        storageContainerName: fast-fetcher
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `),
    good: GOOD,
  }),
  wrapped('ISVC_RENDER_UNSUPPORTED', {
    title: 'What is asked for can be done',
    why: 'KServe\'s API allows combinations that nothing can act on; here they are an error instead of a setting without effect.',
    bad: rawService(`
      predictor:
        maxReplicas: 5
        scaleMetric: concurrency
        scaleTarget: 10
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `),
    good: rawService(`
      predictor:
        maxReplicas: 5
        scaleMetric: cpu
        scaleTarget: 60
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `),
  }),
  wrapped('ISVC_RENDER_MULTI_NODE', {
    title: 'A model on several nodes has what it needs',
    why: 'Head and workers must together have as many accelerators as tensor times pipeline parallelism, and a runtime that can be spread.',
    bad: MULTI_NODE(1), good: MULTI_NODE(2),
  }),
  {
    ...wrapped('ISVC_RENDER_IGNORED', {
      title: 'Fields act in the chosen mode',
      why: 'The field is accepted, so that manifests can move between modes, and nothing in this mode reads it.',
      bad: rawService(`
        predictor:
          containerConcurrency: 4
          model:
            modelFormat: { name: sklearn }
            storageUri: s3://models/iris
      `),
      good: service(`
        predictor:
          containerConcurrency: 4
          model:
            modelFormat: { name: sklearn }
            storageUri: s3://models/iris
      `),
    }),
    severity: 'warning',
  },
  {
    ...wrapped('ISVC_RENDER_MIRROR', {
      title: 'A shadow gets its copies',
      why: 'A gateway that does not know how to mirror may answer every request of such a route with an error, so the shadow is left out of it. Lint knows what a gateway can do from the status of its GatewayClass only, where that lies among the manifests or in `--world`.',
      bad: documents(SHADOW, GATEWAY, gatewayClass('HTTPRoute')), good: documents(SHADOW, GATEWAY, gatewayClass('HTTPRoute', 'HTTPRouteRequestMirror')),
    }),
    severity: 'warning',
  },
];
