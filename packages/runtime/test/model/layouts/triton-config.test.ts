import { servedVersions, tritonConfigOf } from '../../../src/model/layouts/triton-config';
import { isvcErrorOf } from '../../support/isvc-error-of';

const config = (text: string): ReturnType<typeof tritonConfigOf> => tritonConfigOf(text, 'm/config.pbtxt');

test('what has an effect is read, with Triton\'s defaults', () => {
  expect(config('')).toEqual({ maxBatchSize: 0, inputs: [], outputs: [], modelFile: 'model.onnx', versions: { latest: 1 } });
  expect(config('name: "m" backend: "onnxruntime" max_batch_size: 4 default_model_filename: "net.onnx" input { name: "x" } output [ { name: "y" }, { name: "z" } ]')).toEqual({
    name: 'm', backend: 'onnxruntime', maxBatchSize: 4, inputs: ['x'], outputs: ['y', 'z'], modelFile: 'net.onnx', versions: { latest: 1 },
  });
});

test.each<[string, readonly string[]]>([
  ['', ['10']],
  ['version_policy: { latest { num_versions: 2 } }', ['2', '10']],
  ['version_policy { all { } }', ['1', '2', '10']],
  ['version_policy: { specific: { versions: [1, 10, 7] } }', ['1', '10']],
])('version policy %j serves %j of 1, 2 and 10', (text, versions) => {
  expect(servedVersions(config(text).versions, ['10', '1', '2'])).toEqual(versions);
});

test('other backends and wrong numbers are refused', () => {
  expect(isvcErrorOf(() => config('platform: "tensorflow_savedmodel"'))).toMatchObject({ code: 'ISVC_MODEL_UNSUPPORTED', message: expect.stringContaining('"tensorflow_savedmodel"') });
  expect(isvcErrorOf(() => config('max_batch_size: eight'))).toMatchObject({ code: 'ISVC_MODEL_CORRUPT', message: 'max_batch_size is "eight", expected a whole number' });
});
