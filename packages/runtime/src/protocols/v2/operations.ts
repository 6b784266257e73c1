import { messageOf } from 'cdk8s-kserve/api';
import type { TensorSpec } from '../../model/model';
import { type Tensor, type TensorModel, takesTensors } from '../../model/tensor-model';
import { infer } from '../../server/infer';
import { inferTensors } from '../../server/infer-tensors';
import type { ServedModel } from '../../server/served-model';
import { rawTensor, readTensor } from '../../tensors/read-tensor';
import { RUNTIME_VERSION } from '../../version';
import { allReady, assertReady, findVersion, modelNames, versionsOf } from '../find-model';
import { parseJsonBody } from '../parse-json-body';
import type { Operation, ProtocolRequest, Reply, ServerState } from '../protocol';
import { jsonReply, jsonReplyOf } from '../reply';
import { JSON_LENGTH_HEADER, readBinaryInputs, splitBinaryBody } from './binary-inputs';
import { decodeContent } from './decode-content';
import { type InferInput, type InferRequest, type SchemaProblem, parseInferRequest } from './infer-request';
import { matrixFromTensors } from './matrix-from-tensors';
import { writeBinaryInferReply, writeBinaryReply } from './write-binary-reply';
import { writeInferResponse } from './write-infer-response';
import { writeTensors } from './write-tensors';

export const serverMetadata: Operation = {
  method: 'GET',
  answer: (_call, state) => jsonReply(200, JSON.stringify({ name: 'cdk8s-kserve', version: RUNTIME_VERSION, extensions: extensionsOf(state) })),
};

/** The extensions of the protocol that are served, by their names in Triton and KServe. */
export function extensionsOf({ repositoryApi }: ServerState): readonly string[] {
  return repositoryApi ? ['binary_tensor_data', 'model_repository_extension'] : ['binary_tensor_data'];
}

export const serverLive: Operation = { method: 'GET', answer: () => jsonReply(200, '{"live":true}') };

export const serverReady: Operation = {
  method: 'GET',
  answer: async (_call, state) => ((await allReady(state)) ? jsonReply(200, '{"ready":true}') : jsonReply(503, '{"ready":false}')),
};

export const listModels: Operation = {
  method: 'GET',
  answer: (_call, state) => jsonReply(200, JSON.stringify({ models: modelNames(state) })),
};

export const modelMetadata: Operation = {
  method: 'GET',
  answer(call, state) {
    const served = findVersion(state, call.model, call.version);
    const { name, model } = served;
    return jsonReply(200, JSON.stringify({ name, versions: versionsOf(state, name), platform: model.platform, inputs: model.inputs, outputs: outputsOf(served) }));
  },
};

/** What a model answers with, under the settings it is served with. */
export function outputsOf({ model, predictOptions }: ServedModel): readonly TensorSpec[] {
  return (predictOptions.method ?? 'predict') === 'predict' ? model.outputs : [{ name: 'output-0', datatype: 'FP64', shape: [-1, -1] }];
}

export const modelReady: Operation = {
  method: 'GET',
  async answer(call, state) {
    const served = findVersion(state, call.model, call.version);
    await assertReady(state, served);
    return jsonReply(200, JSON.stringify({ name: served.name, ready: true }));
  },
};

export const modelInfer: Operation = {
  method: 'POST',
  answer(call, state, body, request) {
    const served = findVersion(state, call.model, call.version);
    const header = request.headers[JSON_LENGTH_HEADER];
    const { json: text, tail } = header === undefined ? { json: body, tail: undefined } : splitBinaryBody(body, header);
    let json: unknown;
    try {
      json = parseJsonBody(text);
    } catch (error) {
      return schemaReply([{ type: 'json_invalid', loc: ['body', 0], msg: messageOf(error) }]);
    }
    const checked = parseInferRequest(json, call.version, tail !== undefined);
    if ('problems' in checked) return schemaReply(checked.problems);
    const parsed = decodeContent(tail ? readBinaryInputs(checked, tail) : checked, served);
    if (takesTensors(served.model)) return inferNamed(served, served.model, parsed, request);
    if (parsed.isBinary) return infer(served, request, parsed, matrixFromTensors, writeBinaryInferReply);
    return jsonReplyOf(infer(served, request, parsed, matrixFromTensors, writeInferResponse));
  },
};

function inferNamed(served: ServedModel, model: TensorModel, parsed: InferRequest, { headers, signal }: ProtocolRequest): Promise<Reply> {
  const { id, inputs, outputs, parameters } = parsed;
  const context = { headers, ...(parameters ? { parameters } : {}), ...(id === undefined ? {} : { id }), ...(outputs.length > 0 ? { outputs } : {}), ...(signal ? { signal } : {}) };
  const read = (): readonly Tensor[] => inputs.map(tensorOf);
  return inferTensors(served, model, context, read, (tensors) => (parsed.isBinary ? writeBinaryReply(tensors, parsed, served.name) : jsonReply(200, writeTensors(tensors, parsed, served.name))));
}

function tensorOf({ name, datatype, shape, data, raw, parameters }: InferInput): Tensor {
  const tensor = raw ? rawTensor(name, datatype, shape, raw) : readTensor(name, datatype, shape, data);
  if (!parameters) return tensor;
  // Where the bytes were is nothing of the tensor's.
  const { binary_data_size: _size, ...own } = parameters;
  return Object.keys(own).length > 0 ? { ...tensor, parameters: own } : tensor;
}

/** KServe's answer to a body that is not an inference request, with the one-line `error` of the Open Inference Protocol beside it. */
function schemaReply(problems: readonly SchemaProblem[]): Reply {
  const error = problems.map(({ loc, msg }) => `${loc.slice(1).join('.')}: ${msg}`).join('; ');
  return jsonReply(422, JSON.stringify({ error, detail: problems }));
}
