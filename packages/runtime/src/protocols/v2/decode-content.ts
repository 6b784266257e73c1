import { IsvcError } from 'cdk8s-kserve/api';
import type { ContentTypes } from '../../model/content-types';
import { textsOrBytes } from '../../tensors/raw-tensor';
import type { InferInput, InferRequest } from './infer-request';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Follows MLServer's hints: `pd` makes every input a column, `base64` elements are bytes in text. `np` and `str` say what is
 * so anyway, others have no effect. What the request says goes before what the model's settings say.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for a `base64` input that is none.
 */
export function decodeContent<Request extends InferRequest>(request: Request, settings: ContentTypes | undefined): Request {
  const columnar = settings && request.parameters?.['content_type'] === undefined ? settings.request === 'pd' : request.columnar;
  const isBase64 = (input: InferInput): boolean => (input.parameters?.['content_type'] ?? settings?.inputs.get(input.name)) === 'base64';
  if (columnar === request.columnar && !request.inputs.some(isBase64)) return request;
  return { ...request, columnar, inputs: request.inputs.map((input) => (isBase64(input) ? fromBase64(input) : input)) };
}

function fromBase64(input: InferInput): InferInput {
  const { name, datatype } = input;
  if (datatype !== 'BYTES') throw new IsvcError('ISVC_INPUT_INVALID', `input '${name}' has the content type base64 and the datatype ${JSON.stringify(datatype)}; expected BYTES`);
  const elements = (input.raw as readonly unknown[] | undefined) ?? input.data.flat(Infinity);
  const decoded = elements.map((text, i) => {
    if (typeof text === 'string' && text.length % 4 === 0 && BASE64.test(text)) return Buffer.from(text, 'base64');
    throw new IsvcError('ISVC_INPUT_INVALID', `element ${i} of input '${name}' is not base64`, { hint: 'send whole groups of four characters, or leave content_type out' });
  });
  // It is decoded now: a transformer that passes it on must not say otherwise.
  const { content_type: _done, ...parameters } = input.parameters ?? {};
  return { ...input, data: [], raw: textsOrBytes(decoded), parameters };
}
