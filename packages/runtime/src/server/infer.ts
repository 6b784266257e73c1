import type { Matrix, Model, OutputTensor } from '../model/model';
import { tabular } from '../model/tabular';
import type { ProtocolRequest } from '../protocols/protocol';
import type { ServedModel } from './served-model';

/**
 * Runs one request through a model: reads the input, predicts, writes the answer, and counts each phase as KServe does
 * (predict also when it fails, post-processing only when it worked).
 *
 * @param input what the protocol has parsed. @param read @param write are called once each and get it back, so that a
 * protocol needs no closure per request.
 */
export function infer<Input, Answer>(
  served: ServedModel,
  request: ProtocolRequest,
  input: Input,
  read: (input: Input, model: Model) => Matrix,
  write: (output: OutputTensor, input: Input, served: ServedModel) => Answer,
): Answer | Promise<Answer> {
  const { metrics } = served;
  const model = tabular(served.model);
  const start = performance.now();
  const matrix = read(input, model);
  const readAt = performance.now();
  metrics.preprocess.observe((readAt - start) / 1000);
  const finish = (output: OutputTensor): Answer => {
    const predictedAt = performance.now();
    metrics.predict.observe((predictedAt - readAt) / 1000);
    const text = write(output, input, served);
    const writtenAt = performance.now();
    metrics.postprocess.observe((writtenAt - predictedAt) / 1000);
    served.onLatency?.(requestIdOf(request), { preprocess: readAt - start, predict: predictedAt - readAt, postprocess: writtenAt - predictedAt });
    return text;
  };
  const fail = (error: unknown): never => {
    metrics.predict.observe((performance.now() - readAt) / 1000);
    throw error;
  };
  if (served.predictLater) return served.predictLater(matrix).catch(fail).then(finish);
  let output: OutputTensor;
  try {
    output = model.predict(matrix, served.predictOptions);
  } catch (error) {
    return fail(error);
  }
  return finish(output);
}

function requestIdOf(request: ProtocolRequest): string {
  const id = request.headers['x-request-id'];
  // Clients choose it, and it goes into a log line: no line breaks, no terminal codes.
  return typeof id === 'string' ? id.replace(/[^\x21-\x7e]/g, '?').slice(0, 128) : 'N.A.';
}
