import { IsvcError } from 'cdk8s-kserve/api';
import type { TensorSpec } from '../../model/model';
import { datatypeOfOnnx, elementTypeName } from './element-types';
import type { OnnxGraph, OnnxValue, ZipMap } from './graph';

/** An input or an output that a request can carry. */
export interface GraphValue extends TensorSpec {
  /** Whether the file says how many dimensions it has; `shape` is [-1] where it does not. */
  readonly rankKnown: boolean;
  /** Its name inside the graph that is run. */
  readonly fetch: string;
  /** Of a matrix of probabilities: the labels of its columns. */
  readonly classes?: readonly (string | number)[];
}

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for types that no tensor of the protocol has. */
export function graphInputs(graph: OnnxGraph, file: string): readonly GraphValue[] {
  return graph.inputs.map((value) => tensorValue(value, 'input', file));
}

/** The same for outputs; sklearn-onnx's list of maps is the matrix it was made of. */
export function graphOutputs(graph: OnnxGraph, file: string): readonly GraphValue[] {
  return graph.outputs.map((value) => {
    const zipMap = graph.zipMaps.find(({ output }) => output === value.name);
    return zipMap ? probabilities(value, zipMap) : tensorValue(value, 'output', file);
  });
}

function probabilities({ name }: OnnxValue, { input, classes }: ZipMap): GraphValue {
  return { name, datatype: 'FP32', shape: [-1, classes.length > 0 ? classes.length : -1], rankKnown: true, fetch: input, classes };
}

function tensorValue({ name, type }: OnnxValue, what: 'input' | 'output', file: string): GraphValue {
  const datatype = type.kind === 'tensor' ? datatypeOfOnnx(type.elementType) : undefined;
  if (type.kind === 'tensor' && datatype) {
    return { name, datatype, shape: type.dims ?? [-1], rankKnown: type.dims !== undefined, fetch: name };
  }
  const text = type.kind === 'tensor' ? `${elementTypeName(type.elementType)} tensor` : type.text;
  throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `${what} "${name}" is ${/^[aeiou]/.test(text) ? 'an' : 'a'} ${text}, which the protocol cannot carry`, {
    path: file,
    hint: what === 'output' ? 'export the model with tensors as outputs (for sklearn-onnx options={"zipmap": False})' : 'export the model with tensors as inputs',
  });
}
