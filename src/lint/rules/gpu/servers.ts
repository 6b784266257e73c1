import { parseQuantity } from '../../../api';
import type { LintContext } from '../../context';
import { gpuService, rawService } from '../../example';
import { selectedCard } from '../../gpu/cards';
import { argsPath, familyOf, flag, gpuPods, isShared, usesMig } from '../../gpu/gpu-pods';
import { isOwnImage } from '../../own-image';
import { listAt, mapAt, textAt } from '../../read';
import type { Hit, Rule } from '../../rule';

function* parallelism(context: LintContext): Generator<Hit> {
  for (const gpu of gpuPods(context)) {
    const given = flag(gpu.merged, '--tensor-parallel-size', '-tp');
    if (given === undefined || familyOf(gpu.merged) !== 'vllm' || usesMig(gpu) || gpu.pod.role === 'worker') continue;
    const nodes = mapAt(gpu.pod.on.object, 'spec', 'predictor')['workerSpec'] !== undefined;
    const pipeline = Number(flag(gpu.merged, '--pipeline-parallel-size', '-pp') ?? 1);
    const needed = Number(given) * pipeline;
    if (nodes || !Number.isInteger(needed) || needed === gpu.count) continue;
    const product = pipeline === 1 ? `tensor parallel ${given}` : `tensor parallel ${given} times pipeline parallel ${pipeline}`;
    yield needed > gpu.count
      ? { on: gpu.pod.on, path: argsPath(gpu), message: `${product} needs ${needed} GPUs, the container has ${gpu.count}`, hint: `ask for ${needed} GPUs, or lower it` }
      : { on: gpu.pod.on, path: argsPath(gpu), severity: 'warning', message: `${product} uses ${needed} of ${gpu.count} GPUs; the others are idle`, hint: `set --tensor-parallel-size=${gpu.count}, or ask for ${needed}` };
  }
}

/** Shared memory of 64 MiB is what a container has when nobody mounts more. */
function* sharedMemory(context: LintContext): Generator<Hit> {
  for (const gpu of gpuPods(context)) {
    const family = familyOf(gpu.merged);
    const volumes = listAt(gpu.whole?.volumes ?? gpu.pod.fields.volumes);
    const mount = gpu.merged.volumeMounts?.find((m) => m.mountPath === '/dev/shm');
    const volume = volumes.find((v) => textAt(v, 'name') === mount?.name);
    const size = parseQuantity(textAt(volume, 'emptyDir', 'sizeLimit') ?? '') ?? 0;
    const memory = parseQuantity(gpu.merged.resources?.limits?.['memory'] ?? '');
    if (memory !== undefined && size >= memory && size > 0) {
      yield { on: gpu.pod.on, path: `${gpu.view.path}.resources.limits.memory`, message: `must be above the shared memory, which is charged to the container: ${textAt(volume, 'emptyDir', 'sizeLimit')}`, hint: 'raise the memory limit' };
    }
    if (mount || gpu.pod.on.object.kind.endsWith('Runtime') || gpu.pod.role === 'worker') continue;
    const parallel = Number(flag(gpu.merged, '--tensor-parallel-size', '-tp') ?? (family === 'huggingface' ? gpu.count : 1));
    if ((family === 'vllm' || family === 'huggingface') && parallel > 1) {
      yield { on: gpu.pod.on, path: gpu.view.path, message: `has 64 MiB of shared memory, through which its ${parallel} processes must speak`, hint: 'mount an emptyDir with medium: Memory at /dev/shm' };
    }
  }
}

function* sharedUtilisation(context: LintContext): Generator<Hit> {
  for (const gpu of gpuPods(context)) {
    if (familyOf(gpu.merged) !== 'vllm' || !isShared(gpu.pod, gpu.asks[0].name)) continue;
    if (flag(gpu.merged, '--gpu-memory-utilization', '--kv-cache-memory-bytes') === undefined) {
      yield { on: gpu.pod.on, path: argsPath(gpu), message: 'takes 90 per cent of the whole card\'s memory, and the card is shared', hint: 'set --gpu-memory-utilization to its part, e.g. 0.45 of two' };
    }
  }
}

/** Number formats that older cards compute in emulation or not at all. */
function* precision(context: LintContext): Generator<Hit> {
  for (const gpu of gpuPods(context)) {
    const card = selectedCard({ ...gpu.pod.fields.nodeSelector });
    if (!card) continue;
    const dtype = flag(gpu.merged, '--dtype');
    const quantization = flag(gpu.merged, '--quantization', '-q');
    if ((dtype === 'bfloat16' || dtype === 'bf16') && card.capability < 8) yield { on: gpu.pod.on, path: argsPath(gpu), message: `${card.name} has no bfloat16`, hint: 'use --dtype=half' };
    if (quantization === 'fp8' && card.capability < 8.9) yield { on: gpu.pod.on, path: argsPath(gpu), message: `${card.name} does not compute in fp8`, hint: 'use awq or gptq, or a card from L4 and H100 on' };
  }
}

/** KServe picks the image by the name of the resource; any other accelerator gets the one for the CPU. */
function* cpuImage(context: LintContext): Generator<Hit> {
  for (const gpu of gpuPods(context)) {
    const image = gpu.merged.image ?? '';
    const [first] = gpu.asks;
    // Ours has no kernels for accelerators, whatever the format.
    if (isOwnImage(image)) yield { on: gpu.pod.on, path: first.path, message: `is for a server that computes on the CPU: ${image}`, hint: 'remove it, or name a runtime that uses it, e.g. runtime: kserve-tritonserver' };
    const nvidia = first.name === 'nvidia.com/gpu' || first.name.startsWith('nvidia.com/mig');
    if (nvidia || gpu.view.container.image !== undefined) continue;
    const forCpu = /vllm[^/]*-cpu(:|$)/.test(image) || (/huggingfaceserver:/.test(image) && !image.endsWith('-gpu'));
    if (forCpu) yield { on: gpu.pod.on, path: first.path, message: `gets image ${image}, which computes on the CPU: only nvidia.com/gpu and nvidia.com/mig-... bring the one for GPUs`, hint: 'set the image of the model, or a runtime of your own' };
  }
}

const VLLM = (args: string, limits = 'nvidia.com/gpu: 2\nmemory: 32Gi', predictor = ''): string =>
  gpuService(`args: [${args}]\nvolumeMounts: [{ name: shm, mountPath: /dev/shm }]`, { limits, image: 'vllm-openai:0.18.0', predictor: `volumes: [{ name: shm, emptyDir: { medium: Memory, sizeLimit: 8Gi } }]\n${predictor}` });

const HUGGING_FACE = (resource: string): string => rawService(`
  predictor:
    tolerations: [{ key: ${resource}, operator: Exists, effect: NoSchedule }]
    deploymentStrategy: { type: Recreate }
    model:
      modelFormat: { name: huggingface }
      protocolVersion: v2
      storageUri: s3://models/bert
      resources: { limits: { ${resource}: 1, memory: 32Gi } }
`);

/** Flags of the model servers against what their pods are given. */
export const GPU_SERVER_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_GPU_PARALLEL', severity: 'error', title: 'Parallelism equals the GPUs asked for',
    why: 'vLLM stops when tensor times pipeline parallelism is more than its GPUs; when it is less, the others are paid for and idle.',
    bad: VLLM('--tensor-parallel-size=4'), good: VLLM('--tensor-parallel-size=2'), check: parallelism,
  },
  {
    code: 'ISVC_LINT_GPU_SHM', severity: 'error', title: 'Parallel servers have shared memory',
    why: 'Processes of one server pass tensors through /dev/shm, which is 64 MiB unless a memory volume is mounted; that volume counts against the memory limit.',
    bad: gpuService('args: [--tensor-parallel-size=2]', { limits: 'nvidia.com/gpu: 2\nmemory: 32Gi', image: 'vllm-openai:0.18.0' }), good: VLLM('--tensor-parallel-size=2'), check: sharedMemory,
  },
  {
    code: 'ISVC_LINT_GPU_SHARED_MEMORY', severity: 'warning', title: 'A server on a shared GPU takes its part',
    why: 'vLLM reserves a share of the card\'s total memory, not of what is free: the second server on the card finds none.',
    bad: VLLM('--max-model-len=4096', 'nvidia.com/gpu.shared: 1\nmemory: 32Gi'), good: VLLM('--gpu-memory-utilization=0.45', 'nvidia.com/gpu.shared: 1\nmemory: 32Gi'), check: sharedUtilisation,
  },
  {
    code: 'ISVC_LINT_GPU_PRECISION', severity: 'warning', title: 'The card computes in the model\'s number format',
    why: 'bfloat16 needs compute capability 8.0, fp8 needs 8.9; vLLM refuses or falls back to something slow.',
    bad: VLLM('--dtype=bfloat16', 'nvidia.com/gpu: 1\nmemory: 32Gi', 'nodeSelector: { nvidia.com/gpu.product: Tesla-T4 }'), good: VLLM('--dtype=half', 'nvidia.com/gpu: 1\nmemory: 32Gi', 'nodeSelector: { nvidia.com/gpu.product: Tesla-T4 }'), check: precision,
  },
  {
    code: 'ISVC_LINT_GPU_CPU_IMAGE', severity: 'error', title: 'A GPU gets an image that uses it',
    why: 'KServe\'s huggingface and vLLM runtimes choose between a CPU and a GPU image by the resource name: AMD, Intel, Gaudi and shared GPUs silently get the CPU one. This project\'s own server computes on the CPU, so a GPU beside it is idle.',
    bad: HUGGING_FACE('amd.com/gpu'), good: HUGGING_FACE('nvidia.com/gpu'), check: cpuImage,
  },
];
