import { IsvcError } from 'cdk8s-kserve/api';
import type { OutputTensor } from '../../model/model';
import { type TensorModel, takesTensors } from '../../model/tensor-model';
import { infer } from '../../server/infer';
import { inferTensors } from '../../server/infer-tensors';
import type { ServedModel } from '../../server/served-model';
import { matrixFromInstances } from '../../tensors/matrix-from-instances';
import { writeNested } from '../../tensors/write-numbers';
import { assertReady, findModel, modelNames } from '../find-model';
import type { Operation, ProtocolRequest, Reply } from '../protocol';
import { jsonReply, jsonReplyOf } from '../reply';
import { acceptingEvents } from './cloud-events';
import { tensorsOfInstances, writePredictions as writeTensorPredictions } from './tensors-of-instances';

export const listModels: Operation = {
  method: 'GET',
  answer: (_call, state) => jsonReply(200, JSON.stringify({ models: modelNames(state) })),
};

export const modelStatus: Operation = {
  method: 'GET',
  async answer(call, state) {
    const served = findModel(state, call.model);
    await assertReady(state, served);
    return jsonReply(200, JSON.stringify({ name: served.name, ready: true }));
  },
};

export const predict: Operation = {
  method: 'POST',
  answer: acceptingEvents((call, state, json, request) => {
    const served = findModel(state, call.model);
    const instances = instancesOf(json);
    if (takesTensors(served.model) && served.model.predictBody) return answerBody(served, served.model.predictBody, json, instances, request);
    // KServe differs: it answers 500; no rows in, no rows out is what a batching client expects.
    if (instances.length === 0) return jsonReply(200, '{"predictions":[]}');
    if (takesTensors(served.model)) return predictTensors(served, served.model, instances, request);
    return jsonReplyOf(infer(served, request, instances, matrixFromInstances, writePredictions));
  }),
};

export const explain: Operation = {
  method: 'POST',
  answer: acceptingEvents((call, state, json, request) => {
    const served = findModel(state, call.model);
    const { name, model } = served;
    if (takesTensors(model) && model.explainBody) return answerBody(served, model.explainBody, json, instancesOf(json), request);
    throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', `Model with name ${name} has no explainer; ask the explainer's own service.`);
  }),
};

async function predictTensors(served: ServedModel, model: TensorModel, instances: readonly unknown[], { headers, signal }: ProtocolRequest): Promise<Reply> {
  const context = { headers, ...(signal ? { signal } : {}) };
  return jsonReply(200, await inferTensors(served, model, context, () => tensorsOfInstances(instances, model), writeTensorPredictions));
}

/** Hands over the whole body, as models of one's own may want more of it than its instances. */
async function answerBody(
  { model, metrics }: ServedModel, run: NonNullable<TensorModel['predictBody' | 'explainBody']>, body: unknown, instances: readonly unknown[], { headers, signal }: ProtocolRequest,
): Promise<Reply> {
  const start = performance.now();
  const answer = await run.call(model as TensorModel, { ...(body as object), instances }, { headers, ...(signal ? { signal } : {}) });
  if (!(model as TensorModel).countsItself) metrics.predict.observe((performance.now() - start) / 1000);
  return jsonReply(200, JSON.stringify(answer));
}

/** KServe's tabular servers prefer `inputs` where a request has both. */
function instancesOf(body: unknown): readonly unknown[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new IsvcError('ISVC_INPUT_INVALID', 'Expected the request body to be a JSON object with "instances"');
  }
  const { inputs, instances } = body as { inputs?: unknown; instances?: unknown };
  const rows = inputs ?? instances;
  if (Array.isArray(rows)) return rows;
  throw new IsvcError('ISVC_INPUT_INVALID', `Expected "${inputs === undefined ? 'instances' : 'inputs'}" to be a list`);
}

function writePredictions(output: OutputTensor): string {
  return `{"predictions":${writeNested(output)}}`;
}
