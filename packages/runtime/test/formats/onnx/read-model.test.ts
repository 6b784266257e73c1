import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkExternalData } from '../../../src/formats/onnx/external-data';
import type { OnnxGraph } from '../../../src/formats/onnx/graph';
import { graphInputs, graphOutputs } from '../../../src/formats/onnx/graph-values';
import { assertKnownOperators } from '../../../src/formats/onnx/operators';
import { readOnnxGraph } from '../../../src/formats/onnx/read-model';
import { withoutZipMaps } from '../../../src/formats/onnx/without-zip-maps';
import { bytesField, varintField } from '../../../src/formats/protobuf/write-wire';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { ONNX_FIXTURES, onnxAnswers, onnxBytes, onnxNames } from '../../support/onnx-fixtures';
import { tempFolder } from '../../support/temp-folder';

const read = (name: string): OnnxGraph => readOnnxGraph(onnxBytes(name), `${name}.onnx`);

/** A model of the given parts of a GraphProto. */
function modelOf(...parts: Buffer[]): Buffer {
  return Buffer.concat([varintField(1, 8), bytesField(7, Buffer.concat(parts))]);
}

/** A TensorProto of floats with external data. */
function externalTensor(entries: Readonly<Record<string, string>>, elements = 3): Buffer {
  const data = Object.entries(entries).map(([key, value]) => bytesField(13, Buffer.concat([bytesField(1, key), bytesField(2, value)])));
  return bytesField(5, Buffer.concat([varintField(1, elements), varintField(2, 1), bytesField(8, 'w'), ...data, varintField(14, 1)]));
}

test.each(onnxNames())('%s has the inputs and outputs that Python\'s ONNX Runtime named', (name) => {
  const recorded = onnxAnswers(name);
  const graph = read(name);
  const heads = (tensors: readonly { name: string; datatype: string }[]): unknown => tensors.map((tensor) => [tensor.name, tensor.datatype]);
  expect(heads(graphInputs(graph, name))).toEqual(heads(recorded.inputs));
  expect(heads(graphOutputs(graph, name))).toEqual(heads(recorded.outputs));
});

test('what a model says of itself is read without its numbers', () => {
  const graph = read('logistic-zipmap');
  expect(graph).toMatchObject({ producer: 'skl2onnx', zipMaps: [{ input: 'probabilities', output: 'output_probability', classes: [0, 1, 2] }] });
  expect(graph.opsets).toEqual(new Map([['', 17], ['ai.onnx.ml', 1]]));
  expect(graph.operators.map(({ name, nodes }) => [name, nodes])).toContainEqual(['LinearClassifier', 1]);
  expect(graphOutputs(graph, '')[1]).toMatchObject({ name: 'output_probability', shape: [-1, 3], datatype: 'FP32', classes: [0, 1, 2] });
  expect(read('logistic-text-labels').zipMaps[0]?.classes).toEqual(['höch', 'low', 'middle']);
  expect(graphInputs(read('branch'), '').map(({ rankKnown, shape }) => [rankKnown, shape])).toEqual([[true, []], [false, [-1]]]);
});

test('the list of maps of sklearn-onnx becomes the matrix it was made of', () => {
  const graph = read('logistic-zipmap');
  const rewritten = readOnnxGraph(withoutZipMaps(onnxBytes('logistic-zipmap'), graph, 'model.onnx'), 'model.onnx');
  expect(rewritten.zipMaps).toEqual([]);
  expect(rewritten.outputs.map(({ name, type }) => [name, type.kind])).toEqual([['output_label', 'tensor'], ['probabilities', 'tensor']]);
  expect(rewritten.operators.map(({ name }) => name)).not.toContain('ZipMap');
});

test('an output that is no tensor is refused with the way out', () => {
  const graph = read('refused-sequence');
  expect(isvcErrorOf(() => graphOutputs(graph, 'model.onnx')).toLine()).toBe(
    'model.onnx: output "parts" is a sequence of float32 tensor, which the protocol cannot carry; export the model with tensors as outputs (for sklearn-onnx options={"zipmap": False}) [ISVC_MODEL_UNSUPPORTED]',
  );
});

test('operators of other domains, which would need a library of native code, are refused', () => {
  const node = bytesField(1, Buffer.concat([bytesField(4, 'Steal'), bytesField(7, 'evil.ops')]));
  const graph = readOnnxGraph(modelOf(node), 'model.onnx');
  expect(isvcErrorOf(() => assertKnownOperators(graph, 'model.onnx'))).toMatchObject({ code: 'ISVC_MODEL_UNSUPPORTED', message: expect.stringContaining('evil.ops.Steal') });
});

describe('external data', () => {
  const check = (bytes: Buffer, folder: string): Promise<unknown> => checkExternalData(readOnnxGraph(bytes, 'model.onnx'), folder, 'model.onnx');

  test('beside the model is found', async () => {
    expect(await check(onnxBytes('external'), ONNX_FIXTURES)).toEqual([{ location: 'external.data', path: join(ONNX_FIXTURES, 'external.data') }]);
  });

  test.each(['../secret', 'a/../../secret', '/etc/passwd', '..', 'a\\..\\b', 'C:\\x', 'C:/x', 'a\0b', '', 'a//b'])('in %j is refused', async (location) => {
    await expect(check(modelOf(externalTensor({ location })), tempFolder())).rejects.toMatchObject({ code: 'ISVC_MODEL_FORBIDDEN' });
  });

  test('in a link is refused, wherever it points, also where a folder is the link', async () => {
    const folder = tempFolder({ 'data/real.bin': 'x'.repeat(12), 'other/real.bin': 'x'.repeat(12) });
    symlinkSync(join(folder, 'data/real.bin'), join(folder, 'link.bin'));
    symlinkSync(join(folder, 'data'), join(folder, 'folder'));
    mkdirSync(join(folder, 'pipe'));
    for (const location of ['link.bin', 'folder/real.bin', 'pipe']) {
      await expect(check(modelOf(externalTensor({ location })), folder)).rejects.toMatchObject({ code: 'ISVC_MODEL_FORBIDDEN' });
    }
    await expect(check(modelOf(externalTensor({ location: './other/real.bin' })), folder)).resolves.toHaveLength(1);
  });

  test('that is not there or too short is refused', async () => {
    const folder = tempFolder();
    await expect(check(modelOf(externalTensor({ location: 'w.bin' })), folder)).rejects.toMatchObject({ code: 'ISVC_MODEL_NOT_FOUND' });
    writeFileSync(join(folder, 'w.bin'), Buffer.alloc(12));
    await expect(check(modelOf(externalTensor({ location: 'w.bin' })), folder)).resolves.toHaveLength(1);
    await expect(check(modelOf(externalTensor({ location: 'w.bin', offset: '4' })), folder)).rejects.toMatchObject({
      code: 'ISVC_MODEL_CORRUPT', message: 'tensor "w" needs bytes 4 to 16 of w.bin, which has 12',
    });
  });

  test.each([{ location: 'w.bin', offset: '-1' }, { location: 'w.bin', length: '1e9' }, { location: 'w.bin', length: '13' }])('with %j is refused', async (entries) => {
    expect(isvcErrorOf(() => readOnnxGraph(modelOf(externalTensor(entries)), 'model.onnx')).code).toBe('ISVC_MODEL_CORRUPT');
  });

  test('is found in subgraphs, functions and attributes, too', () => {
    const tensor = externalTensor({ location: '../x' });
    // The field number of a tensor in an attribute happens to be that of an initializer in a graph: 5.
    const inAttribute = modelOf(bytesField(1, Buffer.concat([bytesField(4, 'Constant'), bytesField(5, tensor)])));
    const inBranch = modelOf(bytesField(1, Buffer.concat([bytesField(4, 'If'), bytesField(5, bytesField(6, tensor))])));
    const inFunction = Buffer.concat([modelOf(), bytesField(25, bytesField(7, Buffer.concat([bytesField(4, 'Constant'), bytesField(5, tensor)])))]);
    for (const bytes of [inAttribute, inBranch, inFunction]) expect(readOnnxGraph(bytes, 'm').external).toMatchObject([{ location: '../x' }]);
  });
});

describe('hostile files', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('{"not": "onnx"}')],
    ['a length beyond the file', Buffer.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['a number without end', Buffer.alloc(30, 0xff)],
    ['a group', Buffer.from([0x08, 0x08, 0x3b, 0x3c])],
    ['two graphs', Buffer.concat([modelOf(), bytesField(7, Buffer.alloc(0))])],
    ['a shape that its bytes do not fill', modelOf(bytesField(5, Buffer.concat([varintField(1, 1e6), varintField(2, 1), bytesField(9, Buffer.alloc(4))])))],
    ['a shape beyond memory', modelOf(bytesField(5, Buffer.concat([varintField(1, 2 ** 40), varintField(1, 2 ** 40), varintField(2, 1)])))],
  ])('%s is ISVC_MODEL_CORRUPT', (_what, bytes) => {
    expect(isvcErrorOf(() => readOnnxGraph(bytes, 'model.onnx'))).toMatchObject({ code: 'ISVC_MODEL_CORRUPT', path: 'model.onnx' });
  });

  test('graphs inside graphs without end are refused', () => {
    let body: Buffer = Buffer.alloc(0);
    for (let i = 0; i < 200; i++) body = bytesField(1, bytesField(5, bytesField(6, body)));
    expect(isvcErrorOf(() => readOnnxGraph(modelOf(body), 'm')).message).toMatch(/nested deeper than 32/);
  });

  test('types inside types without end are described and refused, not followed', () => {
    let type: Buffer = Buffer.alloc(0);
    for (let i = 0; i < 5000; i++) type = bytesField(4, bytesField(1, type));
    const graph = readOnnxGraph(modelOf(bytesField(11, Buffer.concat([bytesField(1, 'x'), bytesField(2, type)]))), 'm');
    expect(isvcErrorOf(() => graphInputs(graph, 'm')).code).toBe('ISVC_MODEL_UNSUPPORTED');
  });
});
