import type { Datatype } from '../model/model';
import type { Tensor } from '../model/tensor-model';
import { IsvcError } from 'cdk8s-kserve/api';
import type { HttpAnswer } from './http-call';
import { InferenceError } from './inference-error';
import { decodeRaw, encodeRaw, fromNumbers } from '../tensors/raw-tensor';

/** A V2 request of tensors. */
export interface InferInputs {
  readonly inputs: readonly Tensor[];
  /** Names of the outputs wanted. @default - all */
  readonly outputs?: readonly string[];
  readonly id?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A V2 answer. */
export interface InferOutputs {
  readonly modelName: string;
  readonly modelVersion?: string;
  readonly id?: string;
  readonly outputs: readonly Tensor[];
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface EncodedBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const LENGTH_HEADER = 'inference-header-content-length';

/** @param binary tensors follow the JSON as bytes, and the answer is asked for like that. */
export function encodeInfer({ inputs, outputs, id, parameters }: InferInputs, binary: boolean): EncodedBody {
  const raw = inputs.map((tensor) => (binary || tensor.datatype === 'FP16' ? encodeRaw(tensor) : undefined));
  const json = JSON.stringify({
    ...(id === undefined ? {} : { id }),
    ...(binary || parameters ? { parameters: { ...parameters, ...(binary && !outputs ? { binary_data_output: true } : {}) } } : {}),
    inputs: inputs.map((tensor, i) => inputOf(tensor, raw[i])),
    ...(outputs ? { outputs: outputs.map((name) => ({ name, ...(binary ? { parameters: { binary_data: true } } : {}) })) } : {}),
  });
  const header = Buffer.from(json);
  const tail = raw.filter((bytes) => bytes !== undefined);
  if (tail.length === 0) return { headers: { 'content-type': 'application/json' }, body: header };
  return { headers: { 'content-type': 'application/octet-stream', [LENGTH_HEADER]: String(header.length) }, body: Buffer.concat([header, ...tail]) };
}

function inputOf({ name, datatype, shape, data, parameters }: Tensor, raw: Buffer | undefined): unknown {
  const head = { name, datatype, shape };
  if (raw) return { ...head, parameters: { ...parameters, binary_data_size: raw.length } };
  return { ...head, ...(parameters ? { parameters } : {}), data: Array.from(data as ArrayLike<unknown>, (value) => jsonElement(name, value)) };
}

function jsonElement(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    if (BigInt(Number(value)) !== value) throw new IsvcError('ISVC_INPUT_INVALID', `tensor '${name}' holds ${value}, which JSON would round`, { hint: 'send it as bytes: binary: true' });
    return Number(value);
  }
  if (value instanceof Uint8Array) throw new IsvcError('ISVC_INPUT_INVALID', `tensor '${name}' holds bytes, which JSON has no form for`, { hint: 'send it as bytes: binary: true' });
  return value;
}

/** @throws InferenceError ISVC_CLIENT_BAD_ANSWER for an answer that breaks the protocol. */
export function decodeInfer({ headers, body }: HttpAnswer): InferOutputs {
  const length = headers[LENGTH_HEADER];
  const end = length === undefined ? body.length : Number(length);
  if (!Number.isInteger(end) || end < 0 || end > body.length) throw badAnswer(`${LENGTH_HEADER} is ${String(length)}, the body has ${body.length} bytes`);
  const json = parse(body.subarray(0, end));
  if (typeof json['model_name'] !== 'string' || !Array.isArray(json['outputs'])) throw badAnswer('it lacks "model_name" or "outputs"');
  let at = end;
  const outputs = (json['outputs'] as unknown[]).map((value): Tensor => {
    const { name, datatype, shape, data, parameters } = fieldsOf(value);
    if (typeof name !== 'string' || typeof datatype !== 'string' || !Array.isArray(shape)) throw badAnswer('an output lacks its name, datatype or shape');
    const type = datatype as Datatype;
    const size = parameters ? fieldsOf(parameters)['binary_data_size'] : undefined;
    if (typeof size === 'number') at += size;
    const elements = typeof size === 'number' ? decodeRaw(type, body.subarray(at - size, at)) : Array.isArray(data) ? fromNumbers(type, data.flat(Infinity)) : undefined;
    const expected = (shape as number[]).reduce((product, side) => product * side, 1);
    if (elements?.length !== expected) throw badAnswer(`the data of output '${name}' do not fit ${datatype} of shape [${shape.join(',')}]`);
    return { name, datatype: type, shape: shape as number[], data: elements };
  });
  const { id, model_version: version, parameters } = json;
  return {
    modelName: json['model_name'],
    outputs,
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof version === 'string' ? { modelVersion: version } : {}),
    ...(parameters ? { parameters: fieldsOf(parameters) } : {}),
  };
}

/** A JSON object of an answer. */
export function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw error instanceof InferenceError ? error : badAnswer('it is not JSON', error);
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badAnswer('an object is missing');
  return value as Readonly<Record<string, unknown>>;
}

export function badAnswer(what: string, cause?: unknown): InferenceError {
  return new InferenceError('ISVC_CLIENT_BAD_ANSWER', `the answer is not of the protocol: ${what}`, { ...(cause === undefined ? {} : { cause }), hint: 'check that the address is a model server' });
}
