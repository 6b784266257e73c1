import { GPU_RESOURCES, editDistance } from '../../api';

/** Accelerators by the names under which device plugins advertise them. */
export const ACCELERATORS: readonly string[] = [
  ...GPU_RESOURCES, 'nvidia.com/gpu.shared', 'gpu.intel.com/i915', 'gpu.intel.com/xe', 'gpu.intel.com/tiles', 'gpu.intel.com/millicores', 'gpu.intel.com/memory.max', 'habana.ai/gaudi',
  'google.com/tpu', 'aws.amazon.com/neuron', 'aws.amazon.com/neuroncore', 'aws.amazon.com/neurondevice',
];
/** Vendors of accelerators, by the domain of their resource names. */
const VENDORS = new Set(['nvidia.com', 'amd.com', 'intel.com', 'gpu.intel.com', 'habana.ai', 'google.com', 'aws.amazon.com']);

export const MIG_PREFIX = 'nvidia.com/mig-';

/** Whether a resource is an accelerator, or somebody's attempt to write one. */
export function isAccelerator(name: string): boolean {
  // Names without a domain are Kubernetes' own, apart from what beginners write.
  if (!name.includes('/') && name !== 'gpu') return false;
  return ACCELERATORS.includes(name) || name.startsWith(MIG_PREFIX) || looksLikeAccelerator(name);
}

/** Names that no device plugin advertises and that a scheduler would wait for until the end of time. */
export function looksLikeAccelerator(name: string): boolean {
  const [domain = '', rest = ''] = name.split('/');
  if (ACCELERATORS.includes(name) || name.startsWith(MIG_PREFIX)) return false;
  if (VENDORS.has(domain) && /gpu|mig|gaudi|tpu|neuron/i.test(rest)) return true;
  return nearestAccelerator(name) !== undefined;
}

/** The accelerator that a name is one or two letters away from. */
export function nearestAccelerator(name: string): string | undefined {
  if (name === 'gpu' || name === 'nvidia/gpu' || name === 'nvidia.com/gpus') return 'nvidia.com/gpu';
  const near = ACCELERATORS.map((known) => [known, editDistance(known, name.toLowerCase())] as const).filter(([, distance]) => distance > 0 && distance <= 2);
  return near.sort((a, b) => a[1] - b[1])[0]?.[0];
}
