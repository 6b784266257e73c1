import { parseQuantity, type PodFields, type Probe, type Quantity, type ResourceRequirements, type VolumeMount } from '../../api';
import { misuse } from '../check';
import { GpuNodes } from './gpu-nodes';
import type { GpuPredictorProps } from './gpu-predictor-props';

const GIBIBYTE = 1024 ** 3;
/** The name that the built-in language model runtimes use, so that theirs is replaced and not doubled. */
const SHARED_MEMORY = 'devshm';
const PERIOD_SECONDS = 10;
const DEFAULT_STARTUP_SECONDS = 1800;
/** Slowest reading of weights that is common (network disks, object stores), and what compiling and warming up may take. */
const READ_BYTES_PER_SECOND = 100_000_000;
const WARM_UP_SECONDS = 300;
const GRACE_SECONDS = 60;

/** Time limits and memory of one replica. */
export interface GpuSizes {
  readonly sharedMemoryBytes: number;
  readonly memoryBytes: number;
  readonly startupSeconds: number;
}

export function sizesOf(path: string, { gpu, modelSize, sharedMemory, startupSeconds }: GpuPredictorProps): GpuSizes {
  const weights = modelSize === undefined ? undefined : bytes(path, 'modelSize', modelSize);
  const usable = (gpu.memoryBytes ?? Infinity) * gpu.count;
  if (weights !== undefined && weights > usable) {
    throw misuse(path, `the model (${String(modelSize)}) does not fit into ${gpu.count} GPU(s) of ${gpu.memoryBytes ?? 0} bytes`, 'ask for a larger card or more of them, or quantize the model');
  }
  const shared = sharedMemory === undefined ? defaultSharedMemory(gpu.count) : bytes(path, 'sharedMemory', sharedMemory);
  const loading = weights === undefined ? 0 : Math.ceil(1.5 * (weights / READ_BYTES_PER_SECOND + WARM_UP_SECONDS));
  if (startupSeconds !== undefined && !(Number.isInteger(startupSeconds) && startupSeconds > 0)) throw misuse(path, `startupSeconds must be a whole number > 0, got ${startupSeconds}`, 'write e.g. 1800');
  return {
    sharedMemoryBytes: shared,
    memoryBytes: (weights === undefined ? 8 * GIBIBYTE : weights / 2) + 8 * GIBIBYTE + shared,
    startupSeconds: startupSeconds ?? Math.max(DEFAULT_STARTUP_SECONDS, loading),
  };
}

function defaultSharedMemory(count: number): number {
  return (count === 1 ? 1 : count <= 4 ? 8 : 16) * GIBIBYTE;
}

/** Resources of the model server: what the user asks for, with the GPUs in the limits, where alone they count. */
export function gpuResources(path: string, { gpu, resources }: GpuPredictorProps, sizes: GpuSizes): ResourceRequirements {
  for (const list of [resources?.limits, resources?.requests]) {
    const given = list?.[gpu.resourceName];
    if (given !== undefined && Number(given) !== gpu.count) throw misuse(path, `resources ask for ${String(given)} ${gpu.resourceName}, gpu for ${gpu.count}`, 'leave it out of resources');
  }
  const defaults = { cpu: 2 + 2 * gpu.count, memory: `${Math.ceil(sizes.memoryBytes / GIBIBYTE)}Gi` };
  const own = (name: 'cpu' | 'memory', first: 'requests' | 'limits'): Quantity | undefined => resources?.[first]?.[name];
  // Both are written for both: a runtime's limit below our request would have the pod refused.
  const limits = { cpu: own('cpu', 'requests') ?? defaults.cpu, memory: own('memory', 'requests') ?? defaults.memory, ...resources?.limits, [gpu.resourceName]: gpu.count };
  const limit = parseQuantity(limits.memory);
  if (limit !== undefined && limit <= sizes.sharedMemoryBytes) throw misuse(path, `memory limit ${String(limits.memory)} leaves nothing beside shared memory, which counts against it`, 'raise the memory limit, or lower sharedMemory');
  return { ...resources, requests: { cpu: own('cpu', 'limits') ?? defaults.cpu, memory: own('memory', 'limits') ?? defaults.memory, ...resources?.requests }, limits };
}

/** Fields of the pod: taints of GPU nodes, their labels, shared memory, time to finish requests. */
export function gpuPodFields(path: string, { gpu, nodes, pod = {} }: GpuPredictorProps, sizes: GpuSizes): PodFields {
  const wanted = (nodes ?? GpuNodes.discovered()).affinityFor(path, gpu.memoryBytes);
  if (wanted && pod.affinity?.['nodeAffinity']) throw misuse(path, 'gpu.memory and pod.affinity.nodeAffinity cannot both be given', `add ${wanted.key} > ${wanted.values.join()} to yours and leave memory out`);
  const taint = { key: gpu.taint, operator: 'Exists', effect: 'NoSchedule' };
  const nodeSelector = { ...nodes?.facts.nodeSelector, ...pod.nodeSelector };
  const nodeAffinity = wanted && { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [wanted] }] } };
  return {
    // A Service called vllm would otherwise set VLLM_PORT, which vLLM takes for its own.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...pod,
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(nodeAffinity ? { affinity: { ...pod.affinity, nodeAffinity } } : {}),
    tolerations: [taint, ...(nodes?.facts.tolerations ?? []), ...(pod.tolerations ?? [])],
    volumes: [{ name: SHARED_MEMORY, emptyDir: { medium: 'Memory', sizeLimit: `${Math.ceil(sizes.sharedMemoryBytes / 1024 ** 2)}Mi` } }, ...(pod.volumes ?? [])],
  };
}

export function sharedMemoryMount(): VolumeMount {
  return { name: SHARED_MEMORY, mountPath: '/dev/shm' };
}

/** Liveness counts only once this one has passed: a slow load is not a dead server. */
export function startupProbe(format: string, seconds: number): Probe {
  const how = format === 'triton' ? { httpGet: { path: '/v2/health/ready', port: 8080 } } : { tcpSocket: { port: 8080 } };
  return { ...how, periodSeconds: PERIOD_SECONDS, failureThreshold: Math.ceil(seconds / PERIOD_SECONDS), timeoutSeconds: 5 };
}

function bytes(path: string, field: string, quantity: string | number): number {
  const value = parseQuantity(quantity);
  if (value !== undefined && value > 0) return value;
  throw misuse(path, `${field} must be a quantity above 0, got "${String(quantity)}"`, 'write e.g. 15Gi');
}
