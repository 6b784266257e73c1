import { IsvcError } from 'cdk8s-kserve/api';
import type { OutputTensor } from '../model/model';
import type { Tensor } from '../model/tensor-model';

/**
 * A model's tensor as JSON can carry it: bytes as text.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for half floats, which the protocol has in binary form only.
 */
export function jsonTensor(tensor: Tensor): OutputTensor {
  if (tensor.datatype === 'FP16') {
    throw new IsvcError('ISVC_INPUT_INVALID', `Sending FP16 data via JSON is not supported: output '${tensor.name}'`, { hint: 'ask for the other outputs, or for binary ones' });
  }
  const data = Array.isArray(tensor.data) ? tensor.data.map((value: string | Uint8Array) => (typeof value === 'string' ? value : Buffer.from(value).toString('utf8'))) : tensor.data;
  // The writers look at elements alone, and every array has those.
  return { ...tensor, data: data as OutputTensor['data'] };
}
