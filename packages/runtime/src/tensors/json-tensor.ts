import { isUtf8 } from 'node:buffer';
import { IsvcError } from 'cdk8s-kserve/api';
import type { OutputTensor } from '../model/model';
import type { Tensor } from '../model/tensor-model';

/** A tensor whose elements the writers know. */
export type JsonTensor = OutputTensor & Pick<Tensor, 'parameters'>;

/**
 * A model's tensor as JSON can carry it: bytes as text where they are UTF-8, and otherwise in base64, which its parameter
 * `content_type` then says as MLServer does.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for half floats, which the protocol has in binary form only.
 */
export function jsonTensor(tensor: Tensor): JsonTensor {
  if (tensor.datatype === 'FP16') {
    throw new IsvcError('ISVC_INPUT_INVALID', `Sending FP16 data via JSON is not supported: output '${tensor.name}'`, { hint: 'ask for the other outputs, or for binary ones' });
  }
  // The writers look at elements alone, and every array has those.
  if (!Array.isArray(tensor.data)) return { ...tensor, data: tensor.data as OutputTensor['data'] };
  const elements = tensor.data as readonly (string | Uint8Array)[];
  const base64 = tensor.parameters?.['content_type'] === 'base64' || elements.some((value) => typeof value !== 'string' && !isUtf8(value));
  const data = elements.map((value) => (typeof value === 'string' && !base64 ? value : Buffer.from(value as string).toString(base64 ? 'base64' : 'utf8')));
  return { ...tensor, data: data as unknown as OutputTensor['data'], ...(base64 ? { parameters: { ...tensor.parameters, content_type: 'base64' } } : {}) };
}
