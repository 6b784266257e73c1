import { bytesOf } from '../pickle/bytes-of';
import { PickledObject, type PickleValue } from '../pickle/value';
import { type Dtype, hasObjects, parseDtype } from './dtype';
import { type NdArray, parseShape } from './nd-array';

/**
 * The array that a value stands for, in any of the three forms files have: joblib's wrapper with the bytes behind it,
 * `_reconstruct` with a state (protocols up to 4), `_frombuffer` (protocol 5).
 *
 * @returns a sentence about the problem where it stands for no array that is read here.
 */
export function decodeArray(value: PickleValue | undefined): NdArray | string {
  if (!(value instanceof PickledObject)) return 'there is no array';
  switch (value.type.name) {
    case 'NumpyArrayWrapper':
      return decodeWrapper(value);
    case '_reconstruct':
      return decodeReconstruct(value);
    case '_frombuffer': {
      const [data, dtype, shape, order] = value.args;
      return assemble(dtype, shape, order === 'F', data);
    }
    default:
      return `there is a ${value.type} instead of an array`;
  }
}

function decodeWrapper(wrapper: PickledObject): NdArray | string {
  const { state, attachment } = wrapper;
  if (!(state instanceof Map)) return 'a joblib array has no description';
  // An array of objects follows as a pickle of its own, which is an array in one of the other forms.
  if (attachment instanceof PickledObject && attachment.type.name !== 'NumpyArrayWrapper') return decodeArray(attachment);
  return assemble(state.get('dtype'), state.get('shape'), state.get('order') === 'F', attachment);
}

/** State of a pickled ndarray: version, shape, dtype, whether column after column, bytes or list of elements. */
function decodeReconstruct(value: PickledObject): NdArray | string {
  if (!Array.isArray(value.state) || value.state.length < 4) return 'an array has no state';
  const [shape, dtype, columnMajor, data] = value.state.slice(-4);
  return assemble(dtype, shape, columnMajor === true || columnMajor === 1, data);
}

function assemble(
  dtypeValue: PickleValue | undefined, shapeValue: PickleValue | undefined, columnMajor: boolean, data: PickleValue | undefined,
): NdArray | string {
  const dtype = parseDtype(dtypeValue);
  if (typeof dtype === 'string') return dtype;
  const parsed = parseShape(shapeValue);
  if (!parsed) return 'an array has no valid shape';
  const { shape, size } = parsed;
  if (hasObjects(dtype)) {
    if (dtype.kind !== 'O' || !Array.isArray(data)) return 'an array of objects has no list of elements';
    return data.length === size ? { dtype, shape, size, columnMajor, bytes: NO_BYTES, objects: data } : mismatch(dtype, size, data.length);
  }
  const bytes = bytesOf(data);
  if (!bytes) return 'an array has no bytes';
  return bytes.length === size * dtype.itemsize ? { dtype, shape, size, columnMajor, bytes } : mismatch(dtype, size, bytes.length);
}

const NO_BYTES = Buffer.alloc(0);

function mismatch(dtype: Dtype, size: number, found: number): string {
  const unit = dtype.kind === 'O' ? 'objects' : 'bytes';
  return `an array of ${size} elements has ${found} ${unit}`;
}
