import { IsvcError, didYouMean } from 'cdk8s-kserve/api';
import type { Tensor } from '../../model/tensor-model';
import { castElements } from './cast-elements';
import { ortTypeOf } from './element-types';
import type { GraphValue } from './graph-values';
import type { OrtModule, OrtTensor } from './onnx-runtime';

/**
 * The tensors of a request as the inputs of a graph: by name, or whatever its name where both have one. Datatypes are cast
 * where no value is lost but to rounding.
 *
 * @throws IsvcError ISVC_INPUT_INVALID, ISVC_INPUT_SHAPE.
 */
export function bindInputs(inputs: readonly GraphValue[], tensors: readonly Tensor[], ort: Pick<OrtModule, 'Tensor'>): Record<string, OrtTensor> {
  const feeds: Record<string, OrtTensor> = {};
  const [onlyInput, onlyTensor] = [inputs[0], tensors[0]];
  const single = inputs.length === 1 && tensors.length === 1 && onlyInput && onlyTensor;
  for (const tensor of tensors) {
    const input = single ? onlyInput : inputs.find(({ name }) => name === tensor.name);
    if (!input) throw unknownInput(tensor.name, inputs);
    if (Object.hasOwn(feeds, input.name)) throw new IsvcError('ISVC_INPUT_INVALID', `the request has input '${input.name}' twice`);
    feeds[input.name] = new ort.Tensor(ortTypeOf(input.datatype), castElements(tensor, input.datatype), shapeOf(tensor, input));
  }
  const missing = inputs.filter(({ name }) => !Object.hasOwn(feeds, name)).map(({ name }) => `'${name}'`);
  if (missing.length > 0) throw new IsvcError('ISVC_INPUT_INVALID', `the request lacks input ${missing.join(', ')}`);
  return feeds;
}

function shapeOf(tensor: Tensor, input: GraphValue): readonly number[] {
  const { shape } = tensor;
  const elements = shape.reduce((product, length) => product * length, 1);
  if (elements !== tensor.data.length) {
    throw new IsvcError('ISVC_INPUT_SHAPE', `input '${tensor.name}' has ${tensor.data.length} elements, its shape [${shape.join(',')}] needs ${elements}`);
  }
  if (!input.rankKnown) return shape;
  const fits = shape.length === input.shape.length && shape.every((length, i) => input.shape[i] === -1 || input.shape[i] === length);
  if (!fits) throw new IsvcError('ISVC_INPUT_SHAPE', `input '${tensor.name}' has shape [${shape.join(',')}], the model takes [${input.shape.join(',')}]`);
  return shape;
}

function unknownInput(name: string, inputs: readonly GraphValue[]): IsvcError {
  const names = inputs.map((input) => input.name);
  const near = didYouMean(name, names);
  return new IsvcError('ISVC_INPUT_INVALID', `the model has no input '${name.slice(0, 200)}'; it has ${names.map((one) => `'${one}'`).join(', ')}${near === undefined ? '' : `, ${near}?`}`);
}
