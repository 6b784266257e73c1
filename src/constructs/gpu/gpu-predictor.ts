import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { childPath, misuse } from '../check';
import type { PredictorProps } from '../component/predictor-props';
import { InferenceService } from '../inference-service';
import type { InferenceServiceProps } from '../inference-service-props';
import { modelFormatRef } from '../model-format';
import { Platform } from '../platform';
import { Scale } from '../scale';
import { gpuPodFields, gpuResources, sharedMemoryMount, sizesOf, startupProbe } from './gpu-pod';
import type { GpuPredictorProps } from './gpu-predictor-props';
import { GpuScale } from './gpu-scale';

/** Formats whose servers have a CPU image that KServe picks unless it sees an NVIDIA resource. */
const IMAGE_BY_RESOURCE = ['huggingface', 'vLLM', 'tensorflow', 'pytorch'];

/**
 * A model on GPUs, in raw mode: warm replicas, whole, sliced or shared devices under valid names, tolerations and node
 * choice, shared memory, a start-up budget that lets the model load, rollouts that need no spare GPU, and scaling on what
 * a GPU server really waits for.
 *
 * @example
 * new GpuPredictor(chart, 'classifier', {
 *   modelFormat: 'triton', storageUri: 's3://models/classifier/v5', gpu: Gpu.nvidia({ count: 1, memory: '24Gi' }),
 * });
 */
export class GpuPredictor extends InferenceService {
  constructor(scope: Construct, id: string, props: GpuPredictorProps) {
    super(scope, id, serviceProps(scope, id, props));
  }
}

function serviceProps(scope: Construct, id: string, props: GpuPredictorProps): InferenceServiceProps {
  const path = childPath(scope, id);
  const {
    gpu, nodes: _nodes, scaleToZero: _toZero, scale: _scale, modelSize: _size, sharedMemory: _shared, startupSeconds: _startup, spareGpus: _spare, transformer, explainer,
    name, namespace, labels, annotations, output, target, overrides, ...model
  } = props;
  const format = model.modelFormat === undefined ? '' : modelFormatRef(model.modelFormat).name;
  checkContainer(path, props);
  if (IMAGE_BY_RESOURCE.includes(format) && !gpu.choosesGpuImage && model.image === undefined && model.runtime === undefined) {
    throw misuse(path, `format "${format}" gets its server's CPU image for ${gpu.resourceName}: the GPU image is chosen by nvidia.com/gpu and nvidia.com/mig-* only`, 'set image to one that drives this device');
  }
  const sizes = sizesOf(path, props);
  const minReplicas = props.minReplicas ?? 1;
  const scale = scaleOf(scope, path, format, name ?? id, props);
  const predictor: PredictorProps = {
    ...model,
    minReplicas,
    maxReplicas: props.maxReplicas ?? Math.max(minReplicas, 1),
    scale,
    resources: gpuResources(path, props, sizes),
    startupProbe: model.startupProbe ?? startupProbe(format, sizes.startupSeconds),
    volumeMounts: [sharedMemoryMount(), ...(model.volumeMounts ?? [])],
    pod: gpuPodFields(path, props, sizes),
    deploymentStrategy: strategyOf(path, props),
  };
  const rest = { name, namespace, labels, annotations, output, target, overrides, transformer, explainer };
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Omit<InferenceServiceProps, 'predictor'>;
  return { ...given, mode: 'RawDeployment', predictor };
}

/** What would let a pod see devices that were not given to it. */
function checkContainer(path: string, { env, pod, securityContext }: GpuPredictorProps): void {
  if (env?.some((e) => e.name === 'NVIDIA_VISIBLE_DEVICES')) throw misuse(path, 'env NVIDIA_VISIBLE_DEVICES replaces what the device plugin allots, so other pods\' GPUs become visible', 'remove it');
  if (pod?.hostIPC) throw misuse(path, 'hostIPC shares memory with every pod of the node', 'use sharedMemory');
  if (securityContext?.['privileged'] === true) throw misuse(path, 'a privileged container sees every GPU of the node', 'remove privileged; the device plugin gives access to what was asked for');
}

function scaleOf(scope: Construct, path: string, format: string, service: string, props: GpuPredictorProps): Scale {
  const { minReplicas = 1, maxReplicas = Math.max(minReplicas, 1), scale, scaleToZero = false } = props;
  const prometheus = Platform.find(scope)?.prometheus;
  const chosen = scale ?? (maxReplicas > minReplicas && prometheus !== undefined && GpuScale.hasQueue(format) ? GpuScale.queue() : undefined);
  if (minReplicas === 0) {
    if (!scaleToZero) throw misuse(path, 'minReplicas 0 makes the first request wait for node, image and model', 'use minReplicas 1, or say scaleToZero: true');
    if (!(chosen instanceof Scale) || !chosen.fields.autoScaling) throw misuse(path, 'a metric of the pods themselves cannot wake a service that has none', 'use Scale.keda with a metric of the gateway or the broker');
  }
  if (chosen === undefined) {
    if (maxReplicas > minReplicas) return Scale.cpu();
    return Scale.fixed();
  }
  const namespace = props.namespace ?? Chart.of(scope).namespace ?? 'default';
  return chosen instanceof GpuScale ? chosen.toScale(format, { path, service, namespace, prometheus }) : chosen;
}

function strategyOf(path: string, { gpu, spareGpus = 0 }: GpuPredictorProps): Readonly<Record<string, unknown>> {
  if (!Number.isInteger(spareGpus) || spareGpus < 0) throw misuse(path, `spareGpus must be a whole number >= 0, got ${spareGpus}`, 'write how many GPUs are free for a rollout');
  const surge = Math.floor(spareGpus / gpu.count);
  if (spareGpus > 0 && surge === 0) throw misuse(path, `${spareGpus} spare GPUs are too few for one more replica, which takes ${gpu.count}`, `use 0 or at least ${gpu.count}`);
  return { type: 'RollingUpdate', rollingUpdate: surge > 0 ? { maxSurge: surge, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 } };
}
