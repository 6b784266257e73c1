import type { InferContext, Tensor, TensorModel } from '../model/tensor-model';
import type { ServedModel } from './served-model';

/**
 * Runs one request through a model of named tensors, and counts each phase as `infer` does.
 *
 * @param read @param write are called once each.
 */
export async function inferTensors<Answer>(
  { metrics }: ServedModel,
  model: TensorModel,
  context: InferContext,
  read: () => readonly Tensor[],
  write: (outputs: readonly Tensor[]) => Answer,
): Promise<Answer> {
  const counts = !model.countsItself;
  const start = performance.now();
  const inputs = read();
  const readAt = performance.now();
  if (counts) metrics.preprocess.observe((readAt - start) / 1000);
  let outputs: readonly Tensor[];
  try {
    outputs = await model.infer(inputs, context);
  } finally {
    if (counts) metrics.predict.observe((performance.now() - readAt) / 1000);
  }
  const predictedAt = performance.now();
  const answer = write(outputs);
  if (counts) metrics.postprocess.observe((performance.now() - predictedAt) / 1000);
  return answer;
}
