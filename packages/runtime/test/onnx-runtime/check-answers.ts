import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadOnnxModel } from '../../src/formats/onnx/load-onnx-model';
import type { OnnxRuntime } from '../../src/formats/onnx/onnx-runtime';
import { loadOnnxRuntime } from '../../src/formats/onnx/load-onnx-runtime';
import { ONNX_FIXTURES, differenceOf, onnxAnswers, onnxBytes, onnxNames, tensorOf } from '../support/onnx-fixtures';

/** The tests of one build. Two builds in one process would share what runs their sessions. */
export function checkAnswers(build: OnnxRuntime['build']): void {
  // WebAssembly has an exp of its own in single precision.
  const tolerance = build === 'native' ? 1e-6 : 1e-5;
  const runtime = loadOnnxRuntime(undefined, build);
  assert.equal(runtime.build, build);
  const load = (name: string): ReturnType<typeof loadOnnxModel> => loadOnnxModel(onnxBytes(name), join(ONNX_FIXTURES, `${name}.onnx`), `${name}.onnx`, () => runtime);

  describe(`the ${build} build`, () => {
    for (const name of onnxNames()) {
      test(`${name} answers as Python's onnxruntime and scikit-learn do`, async () => {
        const recorded = onnxAnswers(name);
        const model = await load(name);
        const outputs = await model.infer(recorded.inputs.map(tensorOf), {});
        assert.deepEqual(outputs.map((output) => output.name), recorded.outputs.map((output) => output.name));
        for (const [i, output] of outputs.entries()) {
          const expected = recorded.outputs[i];
          assert.ok(expected);
          const difference = differenceOf(output, expected);
          assert.ok(difference <= tolerance, `${output.name} differs by ${difference}`);
          if (expected.classes) assert.deepEqual(JSON.parse(String(output.parameters?.class_labels)), expected.classes);
        }
        // Labels exactly; numbers as single precision allows.
        recorded.sklearn?.slice(0, outputs.length === 4 ? 1 : 2).forEach((expected, i) => {
          const output = outputs[i];
          assert.ok(output);
          const values = expected.datatype === 'BYTES' ? [...(output.data as string[])] : [...(output.data as Float32Array)].map(Number);
          assert.equal(values.length, expected.data.length);
          values.forEach((value, j) => {
            const wanted = expected.data[j];
            if (expected.datatype.startsWith('FP')) assert.ok(Math.abs(Number(value) - Number(wanted)) <= 1e-5 * Math.max(1, Math.abs(Number(wanted))), `${name}[${j}]: ${value} ${wanted}`);
            else assert.equal(value, wanted);
          });
        });
        await model.close();
      });
    }

    test('computes only the outputs that are asked for', async () => {
      const model = await load('logistic-matrix');
      const inputs = onnxAnswers('logistic-matrix').inputs.map(tensorOf);
      const outputs = await model.infer(inputs, { outputs: ['probabilities'] });
      assert.deepEqual(outputs.map(({ name }) => name), ['probabilities']);
      await assert.rejects(model.infer(inputs, { outputs: ['zzz'] }), { code: 'ISVC_INPUT_INVALID' });
      await model.close();
    });

    test('an input that the graph cannot compute is the client\'s, without places in the library', async () => {
      const model = await load('two-inputs');
      const good = { name: 'a', datatype: 'FP64', shape: [2, 3], data: new Float64Array(6) } as const;
      await assert.rejects(model.infer([good, { name: 'b', datatype: 'FP64', shape: [2], data: new Float64Array(2) }], {}), { code: 'ISVC_INPUT_SHAPE' });
      await model.close();
      const branch = await load('branch');
      const x = { name: 'x', datatype: 'FP32', shape: [1], data: new Float32Array(1) } as const;
      const answers = await branch.infer([{ name: 'positive', datatype: 'BOOL', shape: [], data: Uint8Array.of(1) }, x], {});
      assert.deepEqual(answers[0]?.shape, [1]);
      await branch.close();
    });

    test('a graph that ONNX Runtime refuses is refused with its words', async () => {
      const bytes = Buffer.from(onnxBytes('two-inputs').toString('latin1').replace('ReduceSum', 'ReduceXyz'), 'latin1');
      await assert.rejects(loadOnnxModel(bytes, 'model.onnx', 'model.onnx', () => runtime), (error: { code: string; message: string }) => {
        assert.equal(error.code, 'ISVC_MODEL_UNSUPPORTED');
        assert.match(error.message, /ReduceXyz/);
        assert.doesNotMatch(error.message, /\.cc/);
        return true;
      });
    });

    test('a model is closed once the running requests are answered', async () => {
      const model = await load('forest');
      const inputs = onnxAnswers('forest').inputs.map(tensorOf);
      const running = [1, 2, 3].map(() => model.infer(inputs, {}));
      await Promise.all([model.close(), ...running]);
      assert.equal((await running[2])?.length, 2);
    });
  });
}
