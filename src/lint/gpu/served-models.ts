import type { LintContext } from '../context';
import { mapAt, textAt } from '../read';
import { familyOf, flag, gpuPods, type GpuPod } from './gpu-pods';
import { languageModel, weightsOf, type LanguageModel } from './language-models';

/** A language model of the table that a vLLM-based server serves. */
export interface ServedModel {
  readonly gpu: GpuPod;
  readonly model: LanguageModel;
  /** GPUs among which each layer is divided. */
  readonly parallel: number;
  /** Groups of GPUs among which the layers are divided. */
  readonly pipeline: number;
  /** GiB of all weights, in the number format that is asked for. */
  readonly weights: number;
  readonly path: string;
}

export function* servedModels(context: LintContext): Generator<ServedModel> {
  for (const gpu of gpuPods(context)) {
    const family = familyOf(gpu.merged);
    if (family !== 'vllm' && family !== 'huggingface') continue;
    const address = addressOf(gpu);
    const model = address === undefined ? undefined : languageModel(address);
    if (!model) continue;
    // KServe's huggingface server sets tensor parallelism to the number of GPUs, whatever it is told.
    const parallel = family === 'huggingface' ? gpu.count : Number(flag(gpu.merged, '--tensor-parallel-size', '-tp') ?? 1);
    const pipeline = Number(flag(gpu.merged, '--pipeline-parallel-size', '-pp') ?? 1);
    const weights = weightsOf(model, `${flag(gpu.merged, '--quantization', '-q') ?? ''} ${address}`);
    yield { gpu, model, parallel: atLeastOne(parallel), pipeline: atLeastOne(pipeline), weights, path: gpu.view.container.args ? `${gpu.view.path}.args` : gpu.view.path };
  }
}

function atLeastOne(given: number): number {
  return given >= 1 ? given : 1;
}

function addressOf({ merged, view, pod }: GpuPod): string | undefined {
  const named = flag(merged, '--model', '--model-id');
  if (named !== undefined && !named.startsWith('/mnt/')) return named;
  return textAt(view.container, 'storageUri') ?? textAt(mapAt(pod.on.object, 'spec', 'predictor', 'model'), 'storageUri');
}
