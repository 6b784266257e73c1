import { IsvcError } from 'cdk8s-kserve/api';
import type { OutputTensor } from '../../model/model';
import { takesTensors } from '../../model/tensor-model';
import { messageOfError } from '../../server/error-status';
import { infer } from '../../server/infer';
import { inferTensors } from '../../server/infer-tensors';
import type { ServedModel } from '../../server/served-model';
import { rawTensor } from '../../tensors/read-tensor';
import { findVersion } from '../find-model';
import type { ServerState } from '../protocol';
import { decodeContent } from '../v2/decode-content';
import { describeBytes } from '../v2/describe-content';
import { matrixFromTensors } from '../v2/matrix-from-tensors';
import { type GrpcCall, type StreamMethod, unary } from './grpc-method';
import { MessageWriter } from './message-writer';
import { type GrpcInferRequest, modelNameOf, readInferRequest } from './read-infer-request';
import { writeInferResponse } from './write-infer-response';

export const modelInfer = unary((message, state, call) => call.run(() => inferAnywhere(message, state, call)));

/** Triton's method: a failed request is a message of the stream, which goes on. */
export const modelStreamInfer: StreamMethod = {
  kind: 'stream',
  async *answer(messages, state, call) {
    for await (const message of messages) {
      let response: Buffer;
      try {
        response = new MessageWriter().content(2, await call.run(() => inferAnywhere(message, state, call))).finish();
      } catch (error) {
        // What ends the request itself ends the stream with a status.
        if (call.signal?.aborted) throw error;
        response = new MessageWriter().text(1, messageOfError(error)).finish();
      }
      yield response;
    }
  },
};

function inferAnywhere(message: Buffer, state: ServerState, call: GrpcCall): Buffer | Promise<Buffer> {
  const { elsewhere } = call;
  if (!elsewhere) return inferMessage(message, state, call);
  const model = modelNameOf(message);
  if (elsewhere.wants(model, message.length)) return elsewhere.infer(message, call.headers);
  const start = performance.now();
  try {
    return inferMessage(message, state, call);
  } finally {
    elsewhere.kept(model, performance.now() - start);
  }
}

/** Answers a `ModelInferRequest`. */
export function inferMessage(message: Buffer, state: ServerState, call: Pick<GrpcCall, 'headers' | 'signal'>): Buffer | Promise<Buffer> {
  const received = readInferRequest(message);
  const served = findVersion(state, received.modelName, received.version);
  const request = decodeContent(received, served);
  const { model } = served;
  if (!takesTensors(model)) return infer(served, call, request, matrixFromTensors, writeOutput);
  const { id, inputs, outputs, parameters } = request;
  const { headers, signal } = call;
  const context = { headers, parameters, ...(id === undefined ? {} : { id }), ...(outputs.length > 0 ? { outputs } : {}), ...(signal ? { signal } : {}) };
  return inferTensors(
    served, model, context,
    () => inputs.map(({ name, datatype, shape, raw, parameters: own }) => ({ ...rawTensor(name, datatype, shape, raw ?? new Uint8Array(0)), ...(own ? { parameters: own } : {}) })),
    (tensors) => writeInferResponse(tensors.map((tensor) => describeBytes(tensor, request, 'str')), request, served.name),
  );
}

function writeOutput(output: OutputTensor, request: GrpcInferRequest, served: ServedModel): Buffer {
  for (const name of request.outputs) {
    // KServe differs: it ignores the outputs that a gRPC request names.
    if (name !== output.name) throw new IsvcError('ISVC_INPUT_INVALID', `Unexpected inference output '${name}' for model '${served.name}'`);
  }
  return writeInferResponse([describeBytes(output, request, 'np')], request, served.name);
}
