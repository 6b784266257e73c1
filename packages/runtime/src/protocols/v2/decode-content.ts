import { IsvcError } from 'cdk8s-kserve/api';
import type { ContentTypes } from '../../model/content-types';
import { type ServableModel, takesTensors } from '../../model/tensor-model';
import { isoDatetime } from '../../tensors/iso-datetime';
import { textsOrBytes } from '../../tensors/raw-tensor';
import type { InferInput, InferRequest } from './infer-request';

/** What `decodeContent` has to know of a model. */
export interface DecodedFor {
  readonly model: ServableModel;
  /** Of its settings. @default - requests say it */
  readonly contentTypes?: ContentTypes;
}

type Decode = (input: InferInput, model: ServableModel) => InferInput;

const DECODERS: Readonly<Record<string, Decode>> = { base64: fromBase64, datetime: fromDatetime, pd_json: fromJson };
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Follows MLServer's hints: `pd` makes every input a column, elements of `base64` are bytes in text, those of `datetime` are
 * moments, those of `pd_json` are JSON. `np` and `str` say what is so anyway, others have no effect. What the request says goes
 * before what the model's settings say. Whoever speaks of content types is told those of the answer.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for an element that is not what its input says.
 */
export function decodeContent<Request extends InferRequest>(request: Request, { model, contentTypes: settings }: DecodedFor): Request {
  const said = request.parameters?.['content_type'];
  if (!settings && said === undefined && !request.outputTypes && !request.inputs.some(({ parameters }) => parameters?.['content_type'] !== undefined)) return request;
  const columnar = said === undefined && settings ? settings.request === 'pd' : request.columnar;
  const inputs = request.inputs.map((input) => {
    const type = input.parameters?.['content_type'] ?? settings?.inputs.get(input.name);
    return typeof type === 'string' && Object.hasOwn(DECODERS, type) ? (DECODERS[type] as Decode)(input, model) : input;
  });
  return { ...request, columnar, inputs, outputTypes: new Map([...(settings?.outputs ?? []), ...(request.outputTypes ?? [])]) };
}

function fromBase64(input: InferInput): InferInput {
  const decoded = textsOf(input, 'base64').map((text, i) => {
    if (text.length % 4 === 0 && BASE64.test(text)) return Buffer.from(text, 'base64');
    throw notOf('base64', input, i, 'send whole groups of four characters, or leave content_type out');
  });
  // It is decoded now: a transformer that passes it on must not say otherwise.
  const { content_type: _done, ...parameters } = input.parameters ?? {};
  return { ...input, data: [], raw: textsOrBytes(decoded), parameters };
}

/** Models have no moments: they get text, in the one form that MLServer writes. */
function fromDatetime(input: InferInput): InferInput {
  const data = textsOf(input, 'datetime').map((text, i) => isoDatetime(text) ?? fail(notOf('a date and time', input, i, 'send ISO 8601, such as 2024-05-01T12:30:00')));
  return { ...input, data: [], raw: data };
}

/** A column of JSON texts; tables have numbers and texts in their cells, models of tensors take the texts themselves. */
function fromJson(input: InferInput, model: ServableModel): InferInput {
  const texts = textsOf(input, 'pd_json');
  const values = texts.map((text, i): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      throw notOf('JSON', input, i, 'send one JSON text for each row, or leave content_type out');
    }
  });
  if (takesTensors(model)) return { ...input, data: [], raw: texts };
  const { raw: _raw, ...rest } = input;
  if (values.every((value) => value === null || typeof value === 'number' || typeof value === 'boolean')) return { ...rest, datatype: 'FP64', data: values };
  if (values.every((value) => value === null || typeof value === 'string')) return { ...rest, data: values };
  throw new IsvcError('ISVC_INPUT_INVALID', `the JSON of input '${input.name}' is neither all numbers nor all text, and the model takes a table`);
}

function textsOf({ name, datatype, data, raw }: InferInput, type: string): readonly string[] {
  if (datatype !== 'BYTES') throw new IsvcError('ISVC_INPUT_INVALID', `input '${name}' has the content type ${type} and the datatype ${JSON.stringify(datatype)}; expected BYTES`);
  const elements = (raw as readonly unknown[] | undefined) ?? data.flat(Infinity);
  return elements.map((element, i) => (typeof element === 'string' ? element : fail(new IsvcError('ISVC_INPUT_INVALID', `element ${i} of input '${name}' is not ${type}: it is no text`))));
}

function notOf(what: string, { name }: InferInput, index: number, hint: string): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', `element ${index} of input '${name}' is not ${what}`, { hint });
}

function fail(error: IsvcError): never {
  throw error;
}
