import { parseQuantity } from '../../../api';
import type { LintContext } from '../../context';
import { gpuService } from '../../example';
import { gpuAsks, gpuPods, isShared } from '../../gpu/gpu-pods';
import { looksLikeAccelerator, nearestAccelerator } from '../../gpu/resource-names';
import type { Hit, Rule } from '../../rule';

function* notWhole(context: LintContext): Generator<Hit> {
  for (const { pod, limit, request, path, name } of gpuAsks(context)) {
    const given = limit ?? request ?? 0;
    const amount = parseQuantity(given);
    if (amount !== undefined && !Number.isInteger(amount)) yield { on: pod.on, path, message: `must be a whole number, got ${JSON.stringify(given)}`, hint: `use ${Math.max(1, Math.round(amount))}, or a MIG slice or shared resource in place of ${name}` };
  }
}

function* unequal(context: LintContext): Generator<Hit> {
  for (const { pod, limit, request, path, name } of gpuAsks(context)) {
    // A canary is laid over its stable predictor, which may bring the limit.
    if (limit === undefined && pod.path.startsWith('spec.canary')) continue;
    if (limit === undefined) yield { on: pod.on, path, message: `${name} is requested without a limit, and accelerators cannot be overcommitted`, hint: `set limits: {${name}: ${request}} and leave requests out` };
    else if (request !== undefined && parseQuantity(request) !== parseQuantity(limit)) yield { on: pod.on, path, message: `must equal the request ${request} of ${name}, got ${limit}`, hint: 'set the limit alone; the request follows' };
  }
}

function* unknownNames(context: LintContext): Generator<Hit> {
  for (const { pod, path, name } of gpuAsks(context)) {
    if (!looksLikeAccelerator(name)) continue;
    const near = nearestAccelerator(name);
    yield { on: pod.on, path, severity: near ? 'error' : 'warning', message: `no device plugin advertises "${name}"`, hint: near ? `did you mean "${near}"` : 'use the name in the allocatable resources of the node' };
  }
  for (const { on, path, message, hint } of intelNames(context)) yield { on, path, message, hint, severity: 'warning' };
}

/** KServe lists `intel.com/gpu`, which Intel's plugin does not advertise. */
function intelNames(context: LintContext): readonly Hit[] {
  return gpuAsks(context).filter((a) => a.name === 'intel.com/gpu').map(({ pod, path }) => ({ on: pod.on, path, message: 'Intel\'s device plugin does not advertise "intel.com/gpu"', hint: 'did you mean "gpu.intel.com/i915" or "gpu.intel.com/xe"' }));
}

function* none(context: LintContext): Generator<Hit> {
  for (const { pod, path, limit, name } of gpuAsks(context)) {
    if (limit !== undefined && parseQuantity(limit) === 0) yield { on: pod.on, path, message: `is 0: the container gets no ${name}, or with the NVIDIA runtime as default all of them`, hint: 'remove it, or ask for 1' };
  }
}

/** An image that needs a GPU, by its maker's name or its tag. */
const FOR_GPUS = /\/vllm-openai(@|:(?!.*-cpu)|$)|:[^/]*-(gpu|cuda\d*)$/;

function* forgotten(context: LintContext): Generator<Hit> {
  const asking = new Set(gpuPods(context).map((g) => g.pod));
  for (const pod of context.pods) {
    // A runtime leaves its accelerators to the services; a pod may get them through a claim.
    if (asking.has(pod) || pod.on.object.kind.endsWith('Runtime') || pod.fields.resourceClaims !== undefined || pod.path.startsWith('spec.canary')) continue;
    for (const { container, path, init } of pod.containers) {
      const { image } = container;
      if (!init && image !== undefined && FOR_GPUS.test(image)) yield { on: pod.on, path: `${path}.image`, message: `"${image}" is made for GPUs, and the container asks for none`, hint: 'set resources.limits, e.g. {nvidia.com/gpu: 1}, or use an image for the CPU' };
    }
  }
}

function* several(context: LintContext): Generator<Hit> {
  for (const { pod, asks: [first, ...others] } of gpuPods(context)) {
    const other = others.find((a) => a.view !== first.view);
    if (other) yield { on: pod.on, path: other.path, message: `a second container asks for ${other.name}: accelerators of containers add up, they are not shared`, hint: 'ask in one container' };
    if (first.view.init) yield { on: pod.on, path: first.path, message: 'an init container keeps its accelerator for the pod and uses it for a moment', hint: 'ask in the server alone' };
  }
}

function* sharedCount(context: LintContext): Generator<Hit> {
  for (const { pod, path, limit, name } of gpuAsks(context)) {
    const amount = parseQuantity(limit ?? 0) ?? 0;
    if (isShared(pod, name) && amount > 1) yield { on: pod.on, path, message: `asks for ${amount} accesses to a shared GPU, which is not more of it`, hint: 'ask for 1; with MPS more than 1 is refused' };
  }
}

const ONE = gpuService('');

/** How much of an accelerator is asked for, and under which name. */
export const GPU_AMOUNT_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_GPU_WHOLE', severity: 'error', title: 'GPUs are whole numbers',
    why: 'The API server refuses fractions of extended resources: "must be an integer". A part of a card is a MIG slice or a shared resource, with a name of its own.',
    bad: gpuService('', { limits: 'nvidia.com/gpu: 500m\nmemory: 16Gi' }), good: ONE, check: notWhole,
  },
  {
    code: 'ISVC_LINT_GPU_LIMIT', severity: 'error', title: 'GPU requests equal limits',
    why: 'The API server refuses a request without a limit ("Limit must be set for non overcommitable resources") and one that differs from it. The limit alone is the shortest correct form.',
    bad: gpuService('', { limits: 'memory: 16Gi', resources: 'requests: { nvidia.com/gpu: 1 }' }), good: ONE, check: unequal,
  },
  {
    code: 'ISVC_LINT_GPU_NAME', severity: 'error', title: 'Accelerators have the name of their plugin',
    why: 'Any well-formed resource name is accepted; a pod that asks for one that no node has stays Pending ("Insufficient nvidia.com/gpus") for ever.',
    bad: gpuService('', { limits: 'nvidia.com/gpus: 1\nmemory: 16Gi' }), good: ONE, check: unknownNames,
  },
  {
    code: 'ISVC_LINT_GPU_ZERO', severity: 'warning', title: 'An accelerator that is named is asked for',
    why: 'Zero GPUs with an image that expects one start a server on the CPU, or, where the NVIDIA runtime is the default, one that sees every GPU of the node.',
    bad: gpuService('', { limits: 'nvidia.com/gpu: 0\nmemory: 16Gi' }), good: ONE,
    *check(context) {
      yield* none(context);
      yield* forgotten(context);
    },
  },
  {
    code: 'ISVC_LINT_GPU_SEVERAL_CONTAINERS', severity: 'warning', title: 'One container of a pod asks for GPUs',
    why: 'Two containers that ask for one GPU each take two; an init container keeps its GPU from others for as long as the pod lives.',
    bad: gpuService('', { predictor: 'initContainers:\n  - name: warm-up\n    image: registry.example.com/warm-up:1.0\n    resources: { limits: { nvidia.com/gpu: 1 } }' }), good: ONE, check: several,
  },
  {
    code: 'ISVC_LINT_GPU_SHARED_COUNT', severity: 'warning', title: 'A shared GPU is asked for once',
    why: 'Time-slicing gives no more time to who asks twice, and the two accesses may be to one card; MPS fails the pod with UnexpectedAdmissionError.',
    bad: gpuService('', { limits: 'nvidia.com/gpu.shared: 2\nmemory: 16Gi' }), good: gpuService('', { limits: 'nvidia.com/gpu.shared: 1\nmemory: 16Gi' }), check: sharedCount,
  },
];
