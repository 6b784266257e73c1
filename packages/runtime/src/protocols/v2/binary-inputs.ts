import { IsvcError } from 'cdk8s-kserve/api';
import type { Datatype } from '../../model/model';
import { decodeRaw } from '../../tensors/raw-tensor';
import type { InferInput, InferRequest } from './infer-request';

/** Length of the JSON part of a body that has tensors behind it, lower case as `node:http` has headers. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

export interface BinaryBody {
  readonly json: Buffer;
  /** The tensors, one after the other. */
  readonly tail: Buffer;
}

/**
 * Cuts a body of the binary tensor extension where its header says. Nothing is copied.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for a length that is no number, or larger than the body. KServe differs: 500.
 */
export function splitBinaryBody(body: Buffer, header: string | readonly string[]): BinaryBody {
  const length = typeof header === 'string' && /^\d{1,15}$/.test(header.trim()) ? Number(header) : undefined;
  if (length === undefined || length > body.length) {
    throw new IsvcError('ISVC_INPUT_INVALID', `${JSON_LENGTH_HEADER} must be a whole number of at most ${body.length}, the length of the body; got ${JSON.stringify(header)}`);
  }
  return { json: body.subarray(0, length), tail: body.subarray(length) };
}

/**
 * The request with the elements of its binary inputs, which follow each other in the order of the inputs.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for bytes that are missing, left over or not whole elements. KServe differs: it
 * answers 500 to missing bytes and ignores what is left over.
 */
export function readBinaryInputs<Request extends InferRequest>(request: Request, tail: Buffer): Request {
  let at = 0;
  const inputs = request.inputs.map((input) => {
    if (input.binarySize === undefined) return input;
    const bytes = tail.subarray(at, at + input.binarySize);
    if (bytes.length < input.binarySize) {
      throw new IsvcError('ISVC_INPUT_INVALID', `input '${input.name}' states binary_data_size ${input.binarySize}, but only ${bytes.length} bytes are left`);
    }
    at += input.binarySize;
    return withElements(input, bytes);
  });
  if (at < tail.length) throw new IsvcError('ISVC_INPUT_INVALID', `${tail.length - at} bytes follow the binary inputs; their binary_data_size add up to ${at}`);
  return { ...request, inputs };
}

/** @throws IsvcError ISVC_INPUT_INVALID for bytes that are not whole elements of the input's datatype. */
export function withElements(input: InferInput, bytes: Buffer): InferInput {
  return { ...input, raw: elementsOf(input, bytes) };
}

function elementsOf({ name, datatype }: InferInput, bytes: Buffer): NonNullable<InferInput['raw']> {
  const elements = decodeRaw(datatype as Datatype, bytes);
  if (!elements) throw new IsvcError('ISVC_INPUT_INVALID', `the ${bytes.length} bytes of input '${name}' are not whole elements of datatype ${JSON.stringify(datatype)}`);
  if (datatype === 'BOOL' && (elements as Uint8Array).some((value) => value > 1)) throw new IsvcError('ISVC_INPUT_INVALID', `input '${name}' has a byte that is no BOOL; allowed are 0 and 1`);
  return elements;
}
