import type { ModelFormat } from '../../model/model';
import type { TensorModel } from '../../model/tensor-model';
import { loadOnnxModel } from './load-onnx-model';
import { checkOnnx, onnxDetails } from './onnx-details';

/** ONNX graphs, run by ONNX Runtime where it is installed. */
export const onnxFormat: ModelFormat<Promise<TensorModel>> = {
  name: 'onnx',
  extensions: ['.onnx'],
  parse: (bytes, file, path = file) => loadOnnxModel(bytes, path, file),
  check: checkOnnx,
  details: onnxDetails,
};
