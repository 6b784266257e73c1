import type { LintContext } from '../../context';
import { gpuService } from '../../example';
import { gpuPods, usesMig } from '../../gpu/gpu-pods';
import { mapAt, textAt } from '../../read';
import type { Hit, Rule } from '../../rule';

function* visibleDevices(context: LintContext): Generator<Hit> {
  for (const gpu of gpuPods(context)) {
    for (const [i, { name, value }] of (gpu.view.container.env ?? []).entries()) {
      const path = `${gpu.view.path}.env[${i}]`;
      if (name === 'NVIDIA_VISIBLE_DEVICES') {
        yield { on: gpu.pod.on, path, message: `sets NVIDIA_VISIBLE_DEVICES to "${value ?? ''}", which goes around the device plugin: GPUs of other pods become visible`, hint: 'remove it' };
      }
      if (name !== 'CUDA_VISIBLE_DEVICES' || value === undefined || !/^\d+(,\d+)*$/.test(value)) continue;
      const highest = Math.max(...value.split(',').map(Number));
      if (usesMig(gpu)) yield { on: gpu.pod.on, path, severity: 'warning', message: 'numbers a MIG slice, and slices have UUIDs instead of numbers', hint: 'remove it' };
      else if (highest >= gpu.count) yield { on: gpu.pod.on, path, message: `names GPU ${highest}, and the container has ${gpu.count}, counted from 0`, hint: 'remove it' };
    }
  }
}

function* hostAccess(context: LintContext): Generator<Hit> {
  for (const { pod, view } of gpuPods(context)) {
    if (pod.fields.hostIPC) yield { on: pod.on, path: `${pod.path}.hostIPC`, message: 'shares memory with every process of the node', hint: 'mount an emptyDir with medium: Memory at /dev/shm' };
    if (mapAt(view.container.securityContext)['privileged'] === true) yield { on: pod.on, path: `${view.path}.securityContext.privileged`, message: 'gives the container every device of the node, GPUs of other pods included', hint: 'remove it; the device plugin brings the devices' };
    for (const [i, volume] of (pod.fields.volumes ?? []).entries()) {
      const host = textAt(volume, 'hostPath', 'path') ?? '';
      if (host.startsWith('/dev/nvidia')) yield { on: pod.on, path: `${pod.path}.volumes[${i}].hostPath`, message: `mounts ${host} of the node past the device plugin`, hint: 'ask for nvidia.com/gpu instead' };
    }
  }
}

/** Servers turn links of other Services into variables; vLLM reads `VLLM_PORT` as its own. */
function* serviceLinks(context: LintContext): Generator<Hit> {
  for (const { pod, merged, whole } of gpuPods(context)) {
    if (!/vllm/i.test(merged.image ?? '')) continue;
    if (pod.fields.enableServiceLinks === true || whole?.enableServiceLinks === true) {
      yield { on: pod.on, path: `${pod.path}.enableServiceLinks`, message: 'injects VLLM_PORT=tcp://... once a Service here is called vllm..., and vLLM stops at it', hint: 'remove it; false is what this project sets' };
    }
  }
}

function* quotaKeys({ objects }: LintContext): Generator<Hit> {
  for (const on of objects.filter((o) => o.object.kind === 'ResourceQuota')) {
    for (const key of Object.keys(mapAt(on.object, 'spec', 'hard'))) {
      const bare = key.replace(/^limits\./, '');
      if (!/^(nvidia|amd|habana|gpu\.intel)\.(com|ai)\//.test(bare)) continue;
      yield { on, path: `spec.hard["${key}"]`, message: `"${key}" is accepted and never counted`, hint: `write requests.${bare}` };
    }
  }
}

function* unpinned(context: LintContext): Generator<Hit> {
  for (const { pod, view } of gpuPods(context)) {
    const { image } = view.container;
    if (image === undefined || image.includes('@') || /:(?!.*\/)(?!latest$).+$/.test(image)) continue;
    yield { on: pod.on, path: `${view.path}.image`, message: `"${image}" has ${image.endsWith(':latest') ? 'the tag latest' : 'no tag'}: the next pod may run another CUDA version than the driver takes`, hint: 'pin a version or a digest' };
  }
}

function* memoryLimits(context: LintContext): Generator<Hit> {
  for (const { pod, view, merged } of gpuPods(context)) {
    const own = view.container.resources?.limits?.['memory'];
    const whole = merged.resources?.limits?.['memory'];
    const given = own ?? whole;
    if (given === undefined || !['2Gi', '2048Mi', '1Gi', '512Mi', '1024Mi'].includes(String(given)) || pod.on.object.kind.endsWith('Runtime')) continue;
    // A runtime's default is worth a note; what a user has chosen is likely a mistake.
    yield {
      on: pod.on, path: own === undefined ? `${view.path}.resources.limits` : `${view.path}.resources.limits.memory`, severity: own === undefined ? 'info' : 'warning',
      message: `memory limit ${given} is below what nearly every GPU server needs on the host`, hint: 'give half of the weights and 8Gi, at least',
    };
  }
}

const QUOTA = 'apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: gpus\n  namespace: models\nspec:\n  hard: { requests.nvidia.com/gpu: "4" }\n';

/** What a GPU pod may see of its node, and what it is made of. */
export const GPU_ISOLATION_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_GPU_VISIBLE', severity: 'error', title: 'The device plugin says which GPUs are visible',
    why: 'NVIDIA_VISIBLE_DEVICES by hand overrides the allocation: other tenants\' GPUs are used and nobody accounts for it. CUDA_VISIBLE_DEVICES counts from 0 inside of the container.',
    bad: gpuService('env: [{ name: NVIDIA_VISIBLE_DEVICES, value: all }]'), good: gpuService(''), check: visibleDevices,
  },
  {
    code: 'ISVC_LINT_GPU_HOST_ACCESS', severity: 'error', title: 'GPU pods need nothing of the host',
    why: 'Pod Security refuses hostIPC and privileged, and both give the pod more than its GPU. The device plugin brings the devices, an emptyDir the shared memory.',
    bad: gpuService('', { predictor: 'hostIPC: true' }), good: gpuService('', { predictor: 'volumes: [{ name: shm, emptyDir: { medium: Memory, sizeLimit: 2Gi } }]' }), check: hostAccess,
  },
  {
    code: 'ISVC_LINT_GPU_SERVICE_LINKS', severity: 'warning', title: 'vLLM gets no service links',
    why: 'Kubernetes turns a Service called vllm... into variables that vLLM takes for its own settings.',
    bad: gpuService('', { predictor: 'enableServiceLinks: true', image: 'vllm-openai:0.18.0' }), good: gpuService('', { image: 'vllm-openai:0.18.0' }), check: serviceLinks,
  },
  {
    code: 'ISVC_LINT_GPU_QUOTA', severity: 'error', title: 'Quotas of GPUs are counted',
    why: 'A ResourceQuota counts extended resources as requests.NAME only; limits.NAME and the bare name pass validation and limit nothing.',
    bad: QUOTA.replace('requests.', 'limits.'), good: QUOTA, check: quotaKeys,
  },
  {
    code: 'ISVC_LINT_GPU_IMAGE_TAG', severity: 'warning', title: 'GPU images are pinned',
    why: 'CUDA in the image and driver on the node must fit, and a GPU image is 10 to 25 GB: a moving tag breaks or delays the next pod at a time of its own choosing.',
    bad: gpuService('', { image: 'server:latest' }), good: gpuService(''), check: unpinned,
  },
  {
    code: 'ISVC_LINT_GPU_MEMORY_LIMIT', severity: 'warning', title: 'GPU servers have host memory',
    why: 'Weights pass through host memory, and shared memory counts against the limit: with KServe\'s default of 2Gi nearly every GPU server is killed while it loads.',
    bad: gpuService('', { limits: 'nvidia.com/gpu: 1\nmemory: 2Gi' }), good: gpuService(''), check: memoryLimits,
  },
];
