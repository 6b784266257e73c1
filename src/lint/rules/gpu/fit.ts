import type { LintContext } from '../../context';
import { gpuService } from '../../example';
import { selectedCard } from '../../gpu/cards';
import { flag, usesMig } from '../../gpu/gpu-pods';
import { cacheOf } from '../../gpu/language-models';
import { servedModels, type ServedModel } from '../../gpu/served-models';
import type { Hit, Rule } from '../../rule';

/** Memory beside weights and cache: CUDA context, activations, graphs, in GiB. */
const OVERHEAD = 1.5;
/** Share of a card that vLLM takes when it is not told. */
const UTILISATION = 0.9;
/** Below this a card cannot hold the cache of the context lengths that newer models declare. */
const SMALL_CARD = 48;

/** A slice of a card has another size than the card. */
function served(context: LintContext): readonly ServedModel[] {
  return [...servedModels(context)].filter(({ gpu }) => !usesMig(gpu));
}

function* heads(context: LintContext): Generator<Hit> {
  for (const { gpu, model, parallel, path } of served(context)) {
    if (model.heads % parallel === 0) continue;
    const fitting = [1, 2, 4, 8].filter((n) => model.heads % n === 0);
    yield { on: gpu.pod.on, path, message: `${model.name} has ${model.heads} attention heads, which ${parallel} GPUs cannot divide evenly`, hint: `use ${fitting.join(', ')}` };
  }
}

function* memory(context: LintContext): Generator<Hit> {
  for (const { gpu, model, parallel, pipeline, weights, path } of served(context)) {
    const card = selectedCard({ ...gpu.pod.fields.nodeSelector });
    if (!card) continue;
    const each = weights / (parallel * pipeline);
    if (each > card.memory) {
      yield { on: gpu.pod.on, path, message: `${model.name} has ${round(each)} GiB of weights a GPU, ${card.name} has ${card.memory} GiB`, hint: 'use more or larger GPUs, or a quantized model' };
      continue;
    }
    const tokens = Number(flag(gpu.merged, '--max-model-len', '--max-length') ?? 0);
    const share = Number(flag(gpu.merged, '--gpu-memory-utilization') ?? UTILISATION);
    const cacheBytes = flag(gpu.merged, '--kv-cache-dtype')?.startsWith('fp8') ? 1 : 2;
    const need = each + OVERHEAD + cacheOf(model, tokens, parallel, cacheBytes) / pipeline;
    if (tokens > 0 && need > share * card.memory) {
      yield {
        on: gpu.pod.on, path, severity: 'warning', message: `one request of ${tokens} tokens needs about ${round(need)} GiB a GPU; ${round(share * 100)} per cent of ${card.name} are ${round(share * card.memory)} GiB`,
        hint: 'lower --max-model-len, or use --kv-cache-dtype=fp8',
      };
    }
  }
}

function* contextLength(context: LintContext): Generator<Hit> {
  for (const { gpu, path } of served(context)) {
    const card = selectedCard({ ...gpu.pod.fields.nodeSelector });
    if (!card || card.memory >= SMALL_CARD || flag(gpu.merged, '--max-model-len', '--max-length') !== undefined) continue;
    yield { on: gpu.pod.on, path, message: `has no --max-model-len: the model's own length, often 128k tokens, must fit into the ${card.memory} GiB of ${card.name}`, hint: 'set --max-model-len to what clients need, e.g. 8192' };
  }
}

function round(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}

const LLAMA = (args: string, gpus: number, product: string): string =>
  gpuService(`args: [${args}]\nvolumeMounts: [{ name: shm, mountPath: /dev/shm }]`, {
    image: 'vllm-openai:0.18.0', limits: `nvidia.com/gpu: ${gpus}\nmemory: 64Gi`, predictor: `volumes: [{ name: shm, emptyDir: { medium: Memory, sizeLimit: 8Gi } }]\nnodeSelector: { nvidia.com/gpu.product: ${product} }`,
  });
const QWEN = '--model=Qwen/Qwen2.5-7B-Instruct, --max-model-len=4096';

/** Whether a known language model fits on the cards that are asked for. Unknown models and cards are never judged. */
export const GPU_FIT_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_GPU_HEADS', severity: 'error', title: 'GPUs divide the attention heads',
    why: 'Tensor parallelism gives each GPU the same number of heads; vLLM stops with "must be divisible by tensor parallel size".',
    bad: LLAMA(`${QWEN}, --tensor-parallel-size=8`, 8, 'NVIDIA-L4'), good: LLAMA(`${QWEN}, --tensor-parallel-size=4`, 4, 'NVIDIA-L4'), check: heads,
  },
  {
    code: 'ISVC_LINT_GPU_FIT', severity: 'error', title: 'The model fits on its GPUs',
    why: 'Weights that are larger than the card end in "CUDA out of memory"; weights without room for the cache in "No available memory for the cache blocks", after minutes of loading.',
    bad: LLAMA('--model=meta-llama/Llama-3.3-70B-Instruct, --max-model-len=4096', 1, 'NVIDIA-H100-80GB-HBM3'),
    good: LLAMA('--model=meta-llama/Llama-3.3-70B-Instruct, --max-model-len=4096, --tensor-parallel-size=4', 4, 'NVIDIA-H100-80GB-HBM3'), check: memory,
  },
  {
    code: 'ISVC_LINT_GPU_CONTEXT_LENGTH', severity: 'warning', title: 'Small cards have a context length',
    why: 'vLLM sizes its cache for the length that the model declares. At 128k tokens that alone is more than a small card has.',
    bad: LLAMA('--model=Qwen/Qwen2.5-7B-Instruct', 1, 'NVIDIA-L4'), good: LLAMA(QWEN, 1, 'NVIDIA-L4'), check: contextLength,
  },
];
