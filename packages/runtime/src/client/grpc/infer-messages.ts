import { IsvcError } from 'cdk8s-kserve/api';
import type { Datatype } from '../../model/model';
import type { Tensor } from '../../model/tensor-model';
import { MessageReader } from '../../protocols/grpc/message-reader';
import { MessageWriter } from '../../protocols/grpc/message-writer';
import { readParameter, writeParameters } from '../../protocols/grpc/parameters';
import { writeContents } from '../../protocols/grpc/tensor-contents';
import { readTensorMessage, type TensorMessage } from '../../protocols/grpc/tensor-message';
import { decodeRaw, encodeRaw } from '../../tensors/raw-tensor';
import { type InferInputs, type InferOutputs, badAnswer } from '../infer-body';

/** A `ModelInferRequest`. @param binary raw contents, which half floats need in any case. */
export function encodeInferMessage(model: string, { inputs, outputs, id, parameters }: InferInputs, binary: boolean): Buffer {
  const raw = binary || inputs.some(({ datatype }) => datatype === 'FP16');
  const message = new MessageWriter().text(1, model).text(3, id ?? '');
  writeParameters(message, 4, parameters);
  for (const tensor of inputs) {
    message.message(5, (input) => {
      input.text(1, tensor.name).text(2, tensor.datatype).integers(3, tensor.shape);
      writeParameters(input, 4, tensor.parameters);
      if (!raw) input.message(5, (contents) => writeContents(contents, tensor));
    });
  }
  for (const name of outputs ?? []) message.message(6, (output) => output.text(1, name));
  if (raw) for (const tensor of inputs) message.content(7, encodeRaw(tensor));
  return message.finish();
}

/** @throws InferenceError ISVC_CLIENT_BAD_ANSWER for bytes that are no `ModelInferResponse`. */
export function decodeInferMessage(bytes: Buffer): InferOutputs {
  return inAnswer(() => {
    const reader = new MessageReader(bytes);
    let modelName = '';
    let modelVersion = '';
    let id = '';
    const parameters: Record<string, string | number | boolean> = {};
    const tensors: TensorMessage[] = [];
    const raw: Buffer[] = [];
    while (reader.next()) {
      if (reader.field === 1) modelName = reader.text();
      else if (reader.field === 2) modelVersion = reader.text();
      else if (reader.field === 3) id = reader.text();
      else if (reader.field === 4) readParameter(reader.message(), parameters);
      else if (reader.field === 5) tensors.push(readTensorMessage(reader.message()));
      else if (reader.field === 6) raw.push(reader.content());
    }
    if (raw.length > 0 && raw.length !== tensors.length) throw badAnswer(`it has ${tensors.length} outputs and raw contents of ${raw.length}`);
    return {
      modelName,
      outputs: tensors.map((tensor, i) => withElements(tensor, raw[i])),
      ...(id === '' ? {} : { id }),
      ...(modelVersion === '' ? {} : { modelVersion }),
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    };
  });
}

/** What a protobuf reader refuses is the server's mistake here. */
export function inAnswer<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof IsvcError && error.code === 'ISVC_INPUT_INVALID' ? badAnswer(error.message, error) : error;
  }
}

function withElements(message: TensorMessage, raw: Buffer | undefined): Tensor {
  const { name, parameters } = message;
  const datatype = message.datatype as Datatype;
  const shape = message.shape.map(Number);
  // A tensor without elements has nothing on the wire.
  const data = raw ? decodeRaw(datatype, raw) : (message.data ?? decodeRaw(datatype, Buffer.alloc(0)));
  const expected = shape.reduce((product, side) => product * side, 1);
  if (data?.length !== expected) throw badAnswer(`the data of output '${name}' do not fit ${datatype} of shape [${shape.join(',')}]`);
  return { name, datatype, shape, ...(parameters ? { parameters } : {}), data };
}
