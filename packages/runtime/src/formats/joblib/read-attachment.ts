import { IsvcError } from 'cdk8s-kserve/api';
import { type Dtype, hasObjects, parseDtype } from '../numpy/dtype';
import { parseShape } from '../numpy/nd-array';
import type { ByteReader } from '../pickle/byte-reader';
import type { PickledObject, PickleValue } from '../pickle/value';

/** joblib before 0.10 kept each array in a file of its own beside the pickle. */
const SIDE_FILE_WRAPPERS: readonly string[] = ['NDArrayWrapper', 'ZNDArrayWrapper'];

/**
 * Reads what joblib has written behind an array's description, which is not pickled but laid into the file right after
 * the BUILD of its `NumpyArrayWrapper`: raw bytes, from 1.2 on after a padding that aligns them for memory mapping, or
 * a whole pickle of its own where the elements are Python objects. Other objects have nothing behind them.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED for arrays in side files.
 */
export function readAttachment(object: PickledObject, reader: ByteReader, nested: () => PickleValue): void {
  const { name } = object.type;
  if (SIDE_FILE_WRAPPERS.includes(name)) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'keeps its arrays in files beside it, as joblib before 0.10 did', {
      path: reader.file,
      hint: 'load and save it again with a current joblib',
    });
  }
  if (name !== 'NumpyArrayWrapper') return;
  const { state } = object;
  if (!(state instanceof Map)) throw reader.corrupt('a joblib array has no description', object.offset);
  const dtype: Dtype | string = parseDtype(state.get('dtype'));
  if (typeof dtype === 'string') throw reader.corrupt(dtype, object.offset);
  if (hasObjects(dtype)) {
    object.attachment = nested();
    return;
  }
  const shape = parseShape(state.get('shape'));
  if (!shape) throw reader.corrupt('a joblib array has no valid shape', object.offset);
  if (typeof state.get('numpy_array_alignment_bytes') === 'number') reader.take(reader.u8());
  object.attachment = reader.take(shape.size * dtype.itemsize);
}
