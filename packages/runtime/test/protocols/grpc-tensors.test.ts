import { askGrpc, connectGrpc } from '../support/grpc';
import { echoModel } from '../support/echo-model';
import { serveTensors } from '../support/served';

interface Answer { readonly outputs: { readonly datatype: string; readonly shape: number[]; readonly contents?: object; readonly parameters: object }[]; readonly raw_output_contents: Buffer[] }

const bytes = (array: ArrayBufferView): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
/** A datatype, the field of its typed contents, two elements there, their bytes, and what a model gets. */
const DATATYPES: readonly (readonly [string, string, readonly unknown[], Buffer, string])[] = [
  ['BOOL', 'bool_contents', [true, false], Buffer.from([1, 0]), 'Uint8Array'],
  ['INT8', 'int_contents', [-128, 127], bytes(Int8Array.of(-128, 127)), 'Int8Array'],
  ['INT16', 'int_contents', [-32768, 32767], bytes(Int16Array.of(-32768, 32767)), 'Int16Array'],
  ['INT32', 'int_contents', [-(2 ** 31), 2 ** 31 - 1], bytes(Int32Array.of(-(2 ** 31), 2 ** 31 - 1)), 'Int32Array'],
  ['INT64', 'int64_contents', [-(2 ** 53) + 1, 2 ** 53 - 1], bytes(BigInt64Array.of(-(2n ** 53n) + 1n, 2n ** 53n - 1n)), 'BigInt64Array'],
  ['UINT8', 'uint_contents', [0, 255], bytes(Uint8Array.of(0, 255)), 'Uint8Array'],
  ['UINT16', 'uint_contents', [0, 65535], bytes(Uint16Array.of(0, 65535)), 'Uint16Array'],
  ['UINT32', 'uint_contents', [0, 2 ** 32 - 1], bytes(Uint32Array.of(0, 2 ** 32 - 1)), 'Uint32Array'],
  ['UINT64', 'uint64_contents', [0, 2 ** 53 - 1], bytes(BigUint64Array.of(0n, 2n ** 53n - 1n)), 'BigUint64Array'],
  ['FP32', 'fp32_contents', [1.5, -0.25], bytes(Float32Array.of(1.5, -0.25)), 'Float32Array'],
  ['FP64', 'fp64_contents', [0.1, -1e300], bytes(Float64Array.of(0.1, -1e300)), 'Float64Array'],
  ['BYTES', 'bytes_contents', [Buffer.from('ü'), Buffer.from('')], Buffer.from([2, 0, 0, 0, 0xc3, 0xbc, 0, 0, 0, 0]), 'Array'],
];

test.each(DATATYPES)('%s travels in its contents, both ways', async (datatype, field, elements, _raw, array) => {
  const model = echoModel();
  const client = connectGrpc((await serveTensors(model)).port);
  const answer = (await askGrpc(client, 'ModelInfer', { model_name: 'sk', inputs: [{ name: 'x', datatype, shape: [2], contents: { [field]: elements } }] })) as Answer;
  expect(model.asked[0]?.inputs[0]?.data.constructor.name).toBe(array);
  expect(answer.outputs).toEqual([expect.objectContaining({ name: 'x', datatype, shape: [2], contents: expect.objectContaining({ [field]: elements }) })]);
  expect(answer).not.toHaveProperty('raw_output_contents');
});

test.each([...DATATYPES.map(([datatype, , , raw]) => [datatype, raw] as const), ['FP16', Buffer.from([0, 0x3c, 0, 0xbc])] as const, ['BYTES', Buffer.from([1, 0, 0, 0, 0xff, 0, 0, 0, 0])] as const])('%s travels raw, both ways', async (datatype, raw) => {
  const client = connectGrpc((await serveTensors(echoModel())).port);
  const answer = (await askGrpc(client, 'ModelInfer', { model_name: 'sk', inputs: [{ name: 'x', datatype, shape: [2] }], raw_input_contents: [raw] })) as Answer;
  expect(answer.outputs).toMatchObject([{ datatype, shape: [2], parameters: { binary_data_size: { int64_param: raw.length } } }]);
  expect(answer.outputs[0]).not.toHaveProperty('contents');
  expect(answer.raw_output_contents).toEqual([raw]);
});

test('half floats that a model makes of typed contents go raw, as they have no other form', async () => {
  const client = connectGrpc((await serveTensors(echoModel(() => [{ name: 'h', datatype: 'FP16', shape: [1], data: Uint16Array.of(0x3c00) }]))).port);
  const answer = (await askGrpc(client, 'ModelInfer', { model_name: 'sk', inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } }] })) as Answer;
  expect(answer.raw_output_contents).toEqual([Buffer.from([0, 0x3c])]);
});

test('empty tensors are tensors, typed and raw', async () => {
  const client = connectGrpc((await serveTensors(echoModel())).port);
  const input = { name: 'x', datatype: 'FP32', shape: [0, 4] };
  for (const request of [{ inputs: [input] }, { inputs: [input], raw_input_contents: [Buffer.alloc(0)] }]) {
    expect(await askGrpc(client, 'ModelInfer', { model_name: 'sk', ...request })).toMatchObject({ outputs: [{ shape: [0, 4] }] });
  }
});

test.each<[string, string, object]>([
  ['contents of another field', 'FP32', { int_contents: [1, 2] }],
  ['typed half floats', 'FP16', { fp32_contents: [1, 2] }],
  ['a datatype that there is not', 'FP8', { fp32_contents: [1, 2] }],
  ['more elements than the shape says', 'FP32', { fp32_contents: [1, 2, 3] }],
  ['a value that the datatype does not hold', 'UINT8', { uint_contents: [256, 1] }],
])('%s is INVALID_ARGUMENT', async (_, datatype, contents) => {
  const model = echoModel();
  const client = connectGrpc((await serveTensors(model)).port);
  await expect(askGrpc(client, 'ModelInfer', { model_name: 'sk', inputs: [{ name: 'x', datatype, shape: [2], contents }] })).rejects.toMatchObject({ code: 3 });
  expect(model.asked).toEqual([]);
});

test.each<[string, Buffer]>([['FP32', Buffer.alloc(7)], ['INT64', Buffer.alloc(24)], ['BYTES', Buffer.from([9, 0, 0, 0, 1])], ['BOOL', Buffer.from([1, 2])]])('raw %s that is not its elements is INVALID_ARGUMENT', async (datatype, raw) => {
  const client = connectGrpc((await serveTensors(echoModel())).port);
  await expect(askGrpc(client, 'ModelInfer', { model_name: 'sk', inputs: [{ name: 'x', datatype, shape: [2] }], raw_input_contents: [raw] })).rejects.toMatchObject({ code: 3 });
});

test('parameters, the id and the outputs that are asked for reach the model', async () => {
  const model = echoModel();
  const client = connectGrpc((await serveTensors(model)).port);
  const parameters = { b: { bool_param: true }, i: { int64_param: -7 }, s: { string_param: 't' }, d: { double_param: 0.5 } };
  await askGrpc(client, 'ModelInfer', { model_name: 'sk', id: '9', parameters, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } }], outputs: [{ name: 'x' }] }, { metadata: { 'x-tenant': 'a' } });
  expect(model.asked[0]?.context).toMatchObject({ id: '9', outputs: ['x'], parameters: { b: true, i: -7, s: 't', d: 0.5 }, headers: { 'x-tenant': 'a' } });
});
