import { IsvcError } from 'cdk8s-kserve/api';
import type { Tensor } from '../../model/tensor-model';
import { jsonTensor } from '../../tensors/json-tensor';
import type { InferRequest } from './infer-request';

/** How elements of BYTES can be asked for. */
const OF_TEXT: readonly unknown[] = ['str', 'base64', 'datetime'];

/**
 * The output with the parameter `content_type`, where the request spoke of content types: the one that was asked for, else
 * the model's own, else MLServer's `np` for numbers and `texts` for text.
 *
 * @param texts what MLServer calls text: `np` in the answer of a table, `str` in that of a model of tensors.
 * @throws IsvcError ISVC_INPUT_INVALID for numbers that were asked for as text.
 */
export function describeContent<Output extends Tensor>(tensor: Output, { outputTypes }: Pick<InferRequest, 'outputTypes'>, texts: 'np' | 'str'): Output {
  if (!outputTypes) return tensor;
  const asked = outputTypes.get(tensor.name);
  const isText = tensor.datatype === 'BYTES';
  if (!OF_TEXT.includes(asked)) return tensor.parameters?.['content_type'] === undefined ? described(tensor, isText ? texts : 'np') : tensor;
  if (isText) return described(tensor, asked as string);
  throw new IsvcError('ISVC_INPUT_INVALID', `output '${tensor.name}' has the datatype ${tensor.datatype}, which cannot be sent as ${String(asked)}`, { hint: 'ask for content_type np, or for none' });
}

/** The same where elements are sent as bytes: those of `base64` are the bytes of that text, as MLServer sends them. */
export function describeBytes(tensor: Tensor, request: Pick<InferRequest, 'outputTypes'>, texts: 'np' | 'str'): Tensor {
  const output = describeContent(tensor, request, texts);
  return output.datatype === 'BYTES' && output.parameters?.['content_type'] === 'base64' ? jsonTensor(output) : output;
}

function described<Output extends Tensor>(tensor: Output, type: string): Output {
  return { ...tensor, parameters: { ...tensor.parameters, content_type: type } };
}
