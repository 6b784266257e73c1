import { IsvcError } from 'cdk8s-kserve/api';
import { withElements } from '../v2/binary-inputs';
import type { InferInput, InferRequest } from '../v2/infer-request';
import { MessageReader } from './message-reader';
import { type Parameters, readParameter } from './parameters';
import { readTensorMessage } from './tensor-message';

export interface GrpcInferRequest extends InferRequest {
  readonly modelName: string;
  readonly parameters: Parameters;
  /** The tensors came as raw bytes, so they go back as such. */
  readonly raw: boolean;
}

/** The model that a `ModelInferRequest` names, without reading its tensors. */
export function modelNameOf(message: Buffer): string {
  const reader = new MessageReader(message);
  let name = '';
  while (reader.next()) if (reader.field === 1) name = reader.text();
  return name;
}

type NamedInput = Omit<InferInput, 'data' | 'binarySize'>;

/**
 * Reads a `ModelInferRequest`.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for bytes that are no such message, and tensors without their elements.
 */
export function readInferRequest(message: Buffer): GrpcInferRequest {
  const reader = new MessageReader(message);
  let modelName = '';
  let version = '';
  let id = '';
  const parameters: Record<string, string | number | boolean> = {};
  const inputs: NamedInput[] = [];
  const outputs: string[] = [];
  const outputTypes = new Map<string, string>();
  const raw: Buffer[] = [];
  while (reader.next()) {
    if (reader.field === 1) modelName = reader.text();
    else if (reader.field === 2) version = reader.text();
    else if (reader.field === 3) id = reader.text();
    else if (reader.field === 4) readParameter(reader.message(), parameters);
    else if (reader.field === 5) inputs.push(readInput(reader.message()));
    else if (reader.field === 6) outputs.push(readOutput(reader.message(), outputTypes));
    else if (reader.field === 7) raw.push(reader.content());
  }
  return {
    modelName,
    version: version === '' ? undefined : version,
    id: id === '' ? undefined : id,
    columnar: parameters['content_type'] === 'pd',
    parameters,
    inputs: raw.length > 0 ? withRaw(inputs, raw, modelName) : inputs.map((input) => withContents(input, modelName)),
    outputs,
    ...(outputTypes.size > 0 ? { outputTypes } : {}),
    raw: raw.length > 0,
  };
}

function readInput(reader: MessageReader): NamedInput {
  const { shape, data, ...tensor } = readTensorMessage(reader);
  return { ...tensor, shape: shape.map((length) => dimensionOf(length, tensor.name)), ...(data ? { raw: data } : {}) };
}

function dimensionOf(value: bigint, name: string): number {
  const length = Number(value);
  if (Number.isSafeInteger(length) && length >= -1) return length;
  throw new IsvcError('ISVC_INPUT_INVALID', `input '${name}' has the dimension ${length}; allowed are whole numbers from -1`);
}

function withRaw(inputs: readonly NamedInput[], raw: readonly Buffer[], model: string): InferInput[] {
  if (inputs.some((input) => input.raw !== undefined)) {
    throw new IsvcError('ISVC_INPUT_INVALID', `contents and raw_input_contents must not be used together, for model '${model}'`);
  }
  if (inputs.length !== raw.length) {
    throw new IsvcError('ISVC_INPUT_INVALID', `the number of inputs (${inputs.length}) does not match the expected number of raw input contents (${raw.length}) for model '${model}'.`);
  }
  return inputs.map((input, i) => withElements({ ...input, data: [] }, raw[i] as Buffer));
}

function withContents(input: NamedInput, model: string): InferInput {
  if (input.raw) return { ...input, data: [] };
  if (input.shape.includes(0)) return withElements({ ...input, data: [] }, Buffer.alloc(0));
  throw new IsvcError('ISVC_INPUT_INVALID', `'data' field is missing for input '${input.name}' for model '${model}'`, { hint: 'send contents or raw_input_contents' });
}

function readOutput(reader: MessageReader, types: Map<string, string>): string {
  let name = '';
  const parameters: Record<string, string | number | boolean> = {};
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) readParameter(reader.message(), parameters);
  }
  const type = parameters['content_type'];
  if (typeof type === 'string') types.set(name, type);
  return name;
}
