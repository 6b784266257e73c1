import type { LintContext } from '../../context';
import { documents, gpuService, plainObject, rawService, service } from '../../example';
import { familyOf, flag, gpuPods } from '../../gpu/gpu-pods';
import { listAt, mapAt, numberAt, textAt } from '../../read';
import type { Hit, Rule } from '../../rule';
import { claimOf } from '../references';
import { modelOf } from '../../service-view';

function isZero(value: unknown): boolean {
  return value === 0 || value === '0' || value === '0%';
}

/** The rollout of a Deployment; both zero is refused for any service, a surge needs a spare GPU. */
function* rollout(context: LintContext): Generator<Hit> {
  const gpus = new Set(gpuPods(context).map((g) => g.pod));
  for (const { on, components, mode } of context.services) {
    if (mode !== 'Standard') continue;
    for (const { path, extension, pod } of components) {
      const update = mapAt(extension.deploymentStrategy, 'rollingUpdate');
      const { maxSurge, maxUnavailable } = update;
      const at = `${path}.deploymentStrategy`;
      if (isZero(maxSurge) && isZero(maxUnavailable)) yield { on, path: `${at}.rollingUpdate`, message: 'maxSurge and maxUnavailable are both 0, so no pod could ever be replaced', hint: 'set maxUnavailable: 1' };
      if (!gpus.has(pod) || textAt(extension.deploymentStrategy, 'type') === 'Recreate' || isZero(maxSurge) || (extension.minReplicas ?? 1) > 2) continue;
      const asked = extension.deploymentStrategy !== undefined;
      if (asked && maxUnavailable !== undefined && !isZero(maxUnavailable)) continue;
      yield {
        on, path: asked ? at : path, severity: asked ? 'warning' : 'info',
        message: 'a new version starts beside the old one and needs spare GPUs; without them it waits for ever', hint: 'set deploymentStrategy: {type: Recreate}, or rollingUpdate: {maxSurge: 0, maxUnavailable: 1}',
      };
    }
  }
}

function* grace(context: LintContext): Generator<Hit> {
  for (const { pod, merged, whole, view } of gpuPods(context)) {
    const period = whole?.terminationGracePeriodSeconds ?? pod.fields.terminationGracePeriodSeconds ?? 30;
    const drain = familyOf(merged) === 'vllm' ? Number(flag(merged, '--shutdown-timeout') ?? 0) : 0;
    const command = listAt(merged.lifecycle, 'preStop', 'exec', 'command').join(' ');
    const sleep = numberAt(merged.lifecycle, 'preStop', 'sleep', 'seconds') ?? Number(/sleep (\d+)/.exec(command)?.[1] ?? 0);
    if (drain + sleep > 0 && period <= drain + sleep) {
      const at = pod.fields.terminationGracePeriodSeconds === undefined ? view.path : `${pod.path}.terminationGracePeriodSeconds`;
      yield { on: pod.on, path: at, message: `the grace period of ${period} s ends before preStop and drain do (${sleep} + ${drain} s): running requests are cut`, hint: `set terminationGracePeriodSeconds: ${drain + sleep + 15}` };
    }
  }
}

function* scaleToZero(context: LintContext): Generator<Hit> {
  const gpus = new Set(gpuPods(context).map((g) => g.pod));
  for (const { on, components, mode } of context.services) {
    for (const { path, extension, pod } of components) {
      if (extension.minReplicas !== 0 || !gpus.has(pod) || mode !== 'Knative') continue;
      yield { on, path: `${path}.minReplicas`, message: 'is 0 with a GPU: the first request waits for node, image and model, 5 to 30 minutes, and Knative gives up after 10', hint: 'use minReplicas: 1, or raise serving.knative.dev/progress-deadline and switch this rule off here' };
    }
  }
}

function* cpuScaling(context: LintContext): Generator<Hit> {
  const gpus = new Set(gpuPods(context).map((g) => g.pod));
  for (const { on, components } of context.services) {
    for (const { path, extension, pod } of components) {
      if (!gpus.has(pod)) continue;
      const metrics = extension.autoScaling?.metrics ?? [];
      if (extension.scaleMetric === 'cpu' || extension.scaleMetric === 'memory') yield { on, path: `${path}.scaleMetric`, message: `"${extension.scaleMetric}" says nothing of how busy a GPU is`, hint: 'scale by requests in flight or the server\'s queue' };
      for (const [i, metric] of metrics.entries()) {
        const query = metric.external?.metric.query ?? metric.podmetric?.metric.query ?? '';
        const at = `${path}.autoScaling.metrics[${i}]`;
        if (metric.type === 'Resource' && metrics.length === 1) yield { on, path: at, message: `"${metric.resource?.name ?? ''}" says nothing of how busy a GPU is`, hint: 'scale by the server\'s queue' };
        if (/DCGM_FI_DEV_GPU_UTIL/.test(query) && metrics.length === 1) yield { on, path: at, message: 'DCGM_FI_DEV_GPU_UTIL is 100 whenever any kernel runs, at a batch of 1 too', hint: 'use the server\'s queue, or DCGM_FI_PROF_GR_ENGINE_ACTIVE' };
      }
    }
  }
}

/** A claim that one node mounts, and replicas that may land on several. */
function* claimAccess(context: LintContext): Generator<Hit> {
  for (const { on, service: { spec } } of context.services) {
    const model = modelOf(spec.predictor);
    const name = claimOf(model?.model.storageUri ?? '');
    const claim = name ? context.find('PersistentVolumeClaim', on.namespace, name) : undefined;
    const modes = listAt(claim?.object, 'spec', 'accessModes');
    const replicas = Math.max(spec.predictor.maxReplicas ?? 0, spec.predictor.minReplicas ?? 1);
    if (modes.length === 0 || replicas < 2 || modes.some((m) => m === 'ReadOnlyMany' || m === 'ReadWriteMany')) continue;
    yield { on, path: `${model?.path}.storageUri`, message: `claim "${name}" is ${modes.join(', ')}: all ${replicas} replicas must run on one node`, hint: 'use a claim with ReadOnlyMany or ReadWriteMany' };
  }
}

const EXTERNAL = (metric: string, target: string): string => gpuService('', {
  annotations: 'serving.kserve.io/autoscalerClass: keda',
  predictor: `maxReplicas: 3\nautoScaling:\n  metrics:\n    - type: External\n      external:\n        metric: { backend: prometheus, serverAddress: "http://prometheus.monitoring:9090", query: '${metric}' }\n        target: ${target}`,
});
const SERVERLESS = (min: number): string => service(`
  predictor:
    minReplicas: ${min}
    tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
    containers:
      - name: kserve-container
        image: registry.example.com/server:1.4
        resources: { limits: { nvidia.com/gpu: 1, memory: 16Gi } }
`);
const CLAIMED = rawService(`
  predictor:
    minReplicas: 2
    maxReplicas: 4
    model:
      modelFormat: { name: sklearn }
      storageUri: pvc://iris-models/v1
`);
const CLAIM = (mode: string): string => plainObject('v1', 'PersistentVolumeClaim', `spec: { accessModes: [${mode}] }`, { name: 'iris-models' });

/** How GPU pods start, are replaced, scaled and stopped. */
export const GPU_LIFECYCLE_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_ROLLOUT', severity: 'error', title: 'A rollout can get through',
    why: 'maxSurge 0 with maxUnavailable 0 is refused by the API server. With one replica and a surge, a GPU service needs a second GPU for every new version.',
    bad: gpuService('').replace('{ type: Recreate }', '{ rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }'), good: gpuService('').replace('{ type: Recreate }', '{ rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }'), check: rollout,
  },
  {
    code: 'ISVC_LINT_GPU_GRACE', severity: 'warning', title: 'Requests may finish before a pod goes',
    why: 'The kubelet kills after the grace period whatever the server is doing; preStop and the server\'s own drain must fit into it.',
    bad: gpuService('lifecycle: { preStop: { sleep: { seconds: 60 } } }'), good: gpuService('lifecycle: { preStop: { sleep: { seconds: 60 } } }', { predictor: 'terminationGracePeriodSeconds: 90' }), check: grace,
  },
  {
    code: 'ISVC_LINT_GPU_SCALE_TO_ZERO', severity: 'warning', title: 'GPU services keep a replica',
    why: 'From zero, a GPU service needs a node, a driver, an image of gigabytes and its weights before it answers; Knative removes the revision before that.',
    bad: SERVERLESS(0), good: SERVERLESS(1), check: scaleToZero,
  },
  {
    code: 'ISVC_LINT_GPU_SCALE_METRIC', severity: 'warning', title: 'GPU services scale by their load',
    why: 'A GPU server\'s CPU is idle while its queue grows, and DCGM\'s utilisation is full at the first request.',
    bad: gpuService('', { predictor: 'maxReplicas: 3\nscaleMetric: cpu\nscaleTarget: 60' }), good: EXTERNAL('sum(vllm:num_requests_waiting)', '{ type: AverageValue, averageValue: "5", value: "5" }'), check: cpuScaling,
  },
  {
    code: 'ISVC_LINT_CLAIM_ACCESS', severity: 'warning', title: 'Claims can be read by every replica',
    why: 'ReadWriteOnce mounts on one node: further replicas are pinned to it or stay Pending, and a drain of the node takes all of them.',
    bad: documents(CLAIMED, CLAIM('ReadWriteOnce')), good: documents(CLAIMED, CLAIM('ReadOnlyMany')), check: claimAccess,
  },
];
