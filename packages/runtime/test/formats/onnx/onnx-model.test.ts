import { join } from 'node:path';
import { loadOnnxModel } from '../../../src/formats/onnx/load-onnx-model';
import { loadOnnxRuntime } from '../../../src/formats/onnx/load-onnx-runtime';
import { ortMessage } from '../../../src/formats/onnx/onnx-model';
import type { OnnxRuntime, OrtData, OrtSessionOptions, OrtTensor } from '../../../src/formats/onnx/onnx-runtime';
import type { Tensor } from '../../../src/model/tensor-model';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { ONNX_FIXTURES, onnxAnswers, onnxBytes, tensorOf } from '../../support/onnx-fixtures';

interface Asked {
  model?: Uint8Array | string;
  options?: OrtSessionOptions;
  feeds?: Readonly<Record<string, OrtTensor>>;
  fetches?: readonly string[];
  released: number;
}

/** ONNX Runtime as far as it is called, which keeps what it was asked. */
function fakeRuntime(build: OnnxRuntime['build'], answer: () => Readonly<Record<string, OrtTensor>> = () => ({})): { readonly runtime: () => OnnxRuntime; readonly asked: Asked } {
  const asked: Asked = { released: 0 };
  class FakeTensor implements OrtTensor {
    readonly type: string;
    readonly data: OrtData;
    readonly dims: readonly number[];
    constructor(type: string, data: OrtData, dims: readonly number[]) {
      this.type = type;
      this.data = data;
      this.dims = dims;
    }
  }
  const session = {
    run: async (feeds: Asked['feeds'], fetches: Asked['fetches']) => {
      Object.assign(asked, { feeds, fetches });
      return answer();
    },
    release: async () => void asked.released++,
  };
  const create = async (model: Uint8Array | string, options: OrtSessionOptions): Promise<typeof session> => {
    Object.assign(asked, { model, options });
    return session;
  };
  return { runtime: () => ({ build, ort: { Tensor: FakeTensor, InferenceSession: { create }, env: {} } }), asked };
}

function load(name: string, runtime: () => OnnxRuntime): ReturnType<typeof loadOnnxModel> {
  return loadOnnxModel(onnxBytes(name), join(ONNX_FIXTURES, `${name}.onnx`), `${name}.onnx`, runtime);
}

describe('an ONNX model', () => {
  test('asks for the matrix behind a list of maps and gives it under the output\'s name, with the classes', async () => {
    const probabilities = { type: 'float32', data: Float32Array.of(0.1, 0.2, 0.7), dims: [1, 3] };
    const { runtime, asked } = fakeRuntime('native', () => ({ probabilities }));
    const model = await load('logistic-zipmap', runtime);
    const x: Tensor = { name: 'anything', datatype: 'FP64', shape: [1, 4], data: Float64Array.of(1, 2, 3, 0.1) };
    const [output] = await model.infer([x], { outputs: ['output_probability'] });
    expect(output).toEqual({ name: 'output_probability', datatype: 'FP32', shape: [1, 3], data: probabilities.data, parameters: { class_labels: '[0,1,2]' } });
    expect([Object.keys(asked.feeds ?? {}), asked.fetches]).toEqual([['X'], ['probabilities']]);
    expect(asked.feeds?.['X']).toMatchObject({ type: 'float32', data: Float32Array.of(1, 2, 3, 0.1), dims: [1, 4] });
  });

  test('with data in other files is read by path natively and from memory in WebAssembly', async () => {
    const native = fakeRuntime('native');
    await load('external', native.runtime);
    expect(native.asked.model).toBe(join(ONNX_FIXTURES, 'external.onnx'));
    const wasm = fakeRuntime('wasm');
    await load('external', wasm.runtime);
    expect(wasm.asked.options).toMatchObject({ intraOpNumThreads: 1, externalData: [{ path: 'external.data', data: expect.any(Buffer) }] });
  });

  test('is released once, after the last running request', async () => {
    let answer = (): void => {};
    const gate = new Promise<void>((resolve) => (answer = resolve));
    const { runtime, asked } = fakeRuntime('native', () => ({ y: { type: 'float32', data: new Float32Array(3), dims: [1, 3] } }));
    const model = await load('external', () => {
      const { build, ort } = runtime();
      return { build, ort: { ...ort, InferenceSession: { create: async (bytes, options) => {
        const session = await ort.InferenceSession.create(bytes, options);
        return { ...session, run: async (feeds, fetches) => gate.then(() => session.run(feeds, fetches)) };
      } } } };
    });
    const running = model.infer([{ name: 'x', datatype: 'FP32', shape: [1, 4], data: new Float32Array(4) }], {});
    const closing = model.close();
    expect(asked.released).toBe(0);
    answer();
    await Promise.all([running, closing]);
    expect(asked.released).toBe(1);
  });

  const x: Tensor = { name: 'a', datatype: 'FP64', shape: [1, 3], data: new Float64Array(3) };
  const b: Tensor = { name: 'b', datatype: 'FP64', shape: [1], data: new Float64Array(1) };
  test.each<[string, readonly Tensor[], string, RegExp]>([
    ['an unknown input', [x, { ...b, name: 'bb' }], 'ISVC_INPUT_INVALID', /^the model has no input 'bb'; it has 'a', 'b'/],
    ['a missing input', [x], 'ISVC_INPUT_INVALID', /^the request lacks input 'b'$/],
    ['an input twice', [x, x], 'ISVC_INPUT_INVALID', /^the request has input 'a' twice$/],
    ['a wrong rank', [{ ...x, shape: [3] }, b], 'ISVC_INPUT_SHAPE', /^input 'a' has shape \[3\], the model takes \[-1,-1\]$/],
    ['a wrong length', [x, { ...b, shape: [2], data: new Float64Array(2) }], 'ISVC_INPUT_SHAPE', /^input 'b' has shape \[2\], the model takes \[1\]$/],
    ['a shape that the data does not fill', [{ ...x, shape: [2, 3] }, b], 'ISVC_INPUT_SHAPE', /^input 'a' has 3 elements, its shape \[2,3\] needs 6$/],
    ['text for numbers', [{ ...x, datatype: 'BYTES', data: ['1', '2', '3'] }, b], 'ISVC_INPUT_INVALID', /^input 'a' has datatype BYTES, the model takes FP64$/],
  ])('refuses %s', async (_what, tensors, code, message) => {
    const model = await load('two-inputs', fakeRuntime('native').runtime);
    await expect(model.infer(tensors, {})).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('takes numbers of another type where nothing but rounding is lost', async () => {
    const recorded = onnxAnswers('datatypes');
    const { runtime, asked } = fakeRuntime('native', () => Object.fromEntries(recorded.outputs.map(({ name }) => [name, { type: 'bool', data: Uint8Array.of(1), dims: [1] }])));
    const model = await load('datatypes', runtime);
    const exact = recorded.inputs.map(tensorOf);
    const swap = async (name: string, tensor: Pick<Tensor, 'datatype' | 'data'>): Promise<unknown> => {
      await model.infer(exact.map((one) => (one.name === name ? { ...one, ...tensor } : one)), {});
      return asked.feeds?.[name]?.data;
    };
    const floats = (...values: number[]): Pick<Tensor, 'datatype' | 'data'> => ({ datatype: 'FP64', data: Float64Array.from(values) });
    expect(await swap('int64', floats(-3, 2 ** 60))).toEqual(BigInt64Array.of(-3n, 2n ** 60n));
    expect(await swap('int64', { datatype: 'INT64', data: Float64Array.of(1, 2) })).toEqual(BigInt64Array.of(1n, 2n));
    expect(await swap('float16', floats(1.5, -65504))).toEqual(Uint16Array.of(0x3e00, 0xfbff));
    expect(await swap('float32', { datatype: 'FP16', data: Uint16Array.of(0x3e00, 0xfbff) })).toEqual(Float32Array.of(1.5, -65504));
    expect(await swap('float64', { datatype: 'INT64', data: BigInt64Array.of(1n, 2n) })).toEqual(Float64Array.of(1, 2));
    expect(await swap('bool', floats(0, 1))).toEqual(Uint8Array.of(0, 1));
    await expect(swap('uint8', floats(1, 256))).rejects.toThrow('input \'uint8\' has the value 256, which is no UINT8');
    await expect(swap('int32', floats(1, 0.5))).rejects.toThrow('input \'int32\' has the value 0.5, which is no INT32');
    await expect(swap('int32', floats(1, Number.NaN))).rejects.toThrow('which is no INT32');
    await expect(swap('text', { datatype: 'BYTES', data: [Uint8Array.of(255), Uint8Array.of(1)] })).rejects.toThrow('not UTF-8');
  });
});

describe('finding ONNX Runtime', () => {
  const missing = (name: string): never => {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  };
  const fake = { env: { wasm: {} } };

  test('takes the native build, and the other where that is missing or cannot be loaded', () => {
    expect(loadOnnxRuntime(() => fake, undefined).build).toBe('native');
    const second = loadOnnxRuntime((name) => (name === 'onnxruntime-web' ? fake : missing(name)), undefined);
    expect([second.build, second.ort.env.wasm?.numThreads]).toEqual(['wasm', 1]);
    const broken = loadOnnxRuntime((name) => {
      if (name === 'onnxruntime-node') throw new Error('libonnxruntime.so: cannot open shared object file');
      return fake;
    }, '');
    expect(broken.build).toBe('wasm');
  });

  test('says how to install it where there is none', () => {
    expect(isvcErrorOf(() => loadOnnxRuntime(missing, undefined)).toLine()).toBe(
      'an ONNX model needs ONNX Runtime: onnxruntime-node is not installed, onnxruntime-web is not installed; use the image whose tag ends in -onnx, or run npm install onnxruntime-node (native, 288 MB) or npm install onnxruntime-web (WebAssembly, 139 MB) where the runtime is installed [ISVC_SERVER_DEPENDENCY]',
    );
    expect(isvcErrorOf(() => loadOnnxRuntime(missing, 'wasm')).message).toBe('an ONNX model needs ONNX Runtime: onnxruntime-web is not installed');
    expect(isvcErrorOf(() => loadOnnxRuntime(missing, 'cuda')).message).toBe('ISVC_ONNX_RUNTIME is "cuda"');
  });
});

test('messages of ONNX Runtime lose folders and places in its sources', () => {
  expect(ortMessage(new Error('Load model from /mnt/models/a/model.onnx failed:/onnxruntime_src/onnxruntime/core/graph/model.cc:182 onnxruntime::Model bad'))).toBe(
    'Load model from model.onnx failed:onnxruntime::Model bad',
  );
});
