import { InferenceClient } from '../../src/client/inference-client';
import { encodeRaw } from '../../src/tensors/raw-tensor';
import type { Tensor } from '../../src/model/tensor-model';
import { ask } from '../support/http';
import { serve } from '../support/served';

const INFER = '/v2/models/sk/infer';
const LENGTH = 'inference-header-content-length';
const ROW: Tensor = { name: 'input-0', datatype: 'FP32', shape: [1, 4], data: Float32Array.of(1, 2, 3, 4) };

interface Sent {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request whose input is bytes behind the JSON. */
function binary({ data, ...head }: Tensor, more: object = {}, bytes = encodeRaw({ ...head, data })): Sent {
  const json = Buffer.from(JSON.stringify({ id: '7', inputs: [{ ...head, parameters: { binary_data_size: bytes.length } }], ...more }));
  return { body: Buffer.concat([json, bytes]), headers: { [LENGTH]: String(json.length), 'content-type': 'application/octet-stream' } };
}

test.each<[Tensor['datatype'], Tensor['data'], readonly number[]]>([
  ['BOOL', Uint8Array.of(1, 0, 1, 1), [1, 0, 1, 1]],
  ['INT8', Int8Array.of(-1, 2, 3, 4), [-1, 2, 3, 4]],
  ['INT16', Int16Array.of(-300, 2, 3, 4), [-300, 2, 3, 4]],
  ['UINT32', Uint32Array.of(4294967295, 0, 0, 0), [4294967295, 0, 0, 0]],
  ['INT64', BigInt64Array.of(-5n, 2n, 3n, 4n), [-5, 2, 3, 4]],
  ['FP16', Uint16Array.of(0x3c00, 0xc000, 0x3800, 0), [1, -2, 0.5, 0]],
  ['FP32', Float32Array.of(0.5, 2, 3, 4), [0.5, 2, 3, 4]],
  ['FP64', Float64Array.of(0.1, 2, 3, 4), [0.1, 2, 3, 4]],
])('%s bytes reach a tabular model as numbers', async (datatype, data, row) => {
  const { port, model } = await serve();
  const answer = await ask(port, INFER, binary({ ...ROW, datatype, data }));
  expect([answer.status, answer.json()]).toMatchObject([200, { id: '7', outputs: [{ name: 'output-0', datatype: 'INT64', shape: [1] }] }]);
  expect(model.asked[0]?.rows).toEqual([row]);
});

test.each<[string, object, boolean]>([
  ['binary_data_output', { parameters: { binary_data_output: true } }, true],
  ['binary_data of the output', { outputs: [{ name: 'output-0', parameters: { binary_data: true } }] }, true],
  ['binary_data_output and an output that says nothing', { parameters: { binary_data_output: true }, outputs: [{ name: 'output-0' }] }, true],
  ['binary_data_output and an output that wants JSON', { parameters: { binary_data_output: true }, outputs: [{ name: 'output-0', parameters: { binary_data: false } }] }, false],
])('with %s the answer is binary or not', async (_, more, wanted) => {
  const { port } = await serve();
  const { body, headers } = binary(ROW, more);
  const response = await fetch(`http://127.0.0.1:${port}${INFER}`, { method: 'POST', body: new Uint8Array(body), headers: { ...headers, connection: 'close' } });
  const bytes = Buffer.from(await response.arrayBuffer());
  const length = response.headers.get(LENGTH);
  expect(length !== null).toBe(wanted);
  if (!wanted) return expect(JSON.parse(bytes.toString())).toMatchObject({ outputs: [{ data: [10] }] });
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(bytes.subarray(0, Number(length)).toString()).toBe(
    '{"id":"7","model_name":"sk","model_version":null,"outputs":[{"name":"output-0","shape":[1],"datatype":"INT64","parameters":{"binary_data_size":8}}]}',
  );
  expect(bytes.subarray(Number(length))).toEqual(Buffer.from([10, 0, 0, 0, 0, 0, 0, 0]));
});

const good = binary(ROW);
test.each<[string, Sent, number, string]>([
  ['a length that is no number', { ...good, headers: { [LENGTH]: 'x' } }, 400, `${LENGTH} must be a whole number of at most ${good.body.length}, the length of the body; got "x"`],
  ['a length past the body', { ...good, headers: { [LENGTH]: '999' } }, 400, `${LENGTH} must be a whole number of at most ${good.body.length}, the length of the body; got "999"`],
  ['a length inside the JSON', { ...good, headers: { [LENGTH]: '5' } }, 422, ''],
  ['no header', { ...good, body: good.body.subarray(0, -16), headers: {} }, 422, 'inputs.0.data: Field required; for binary data send the header Inference-Header-Content-Length, the length of the JSON part'],
  ['missing bytes', { ...good, body: good.body.subarray(0, -1) }, 400, "input 'input-0' states binary_data_size 16, but only 15 bytes are left"],
  ['bytes left over', { ...good, body: Buffer.concat([good.body, Buffer.alloc(3)]) }, 400, '3 bytes follow the binary inputs; their binary_data_size add up to 16'],
  ['half an element', binary(ROW, {}, Buffer.alloc(15)), 400, 'the 15 bytes of input \'input-0\' are not whole elements of datatype "FP32"'],
  ['another shape', binary({ ...ROW, shape: [1, 3] }), 400, "cannot reshape array of size 4 into shape (1,3) for input 'input-0'"],
  ['a datatype that is none', binary({ ...ROW, datatype: 'FP8' as 'FP32' }, {}, Buffer.alloc(4)), 400, 'the 4 bytes of input \'input-0\' are not whole elements of datatype "FP8"'],
  ['a BOOL of 2', binary({ ...ROW, datatype: 'BOOL', data: Uint8Array.of(0, 1, 2, 1) }), 400, "input 'input-0' has a byte that is no BOOL; allowed are 0 and 1"],
  ['a negative size', binary(ROW, { inputs: [{ name: 'a', datatype: 'FP32', shape: [1, 4], parameters: { binary_data_size: -1 } }] }), 422, 'inputs.0.parameters.binary_data_size: Input should be a whole number of bytes'],
  ['an unknown output', binary(ROW, { outputs: [{ name: 'zzz', parameters: { binary_data: true } }] }), 400, "Unexpected inference output 'zzz' for model 'sk'"],
])('%s is the fault of the client', async (_, sent, status, message) => {
  const { port } = await serve();
  const answer = await ask(port, INFER, sent);
  expect(answer.status).toBe(status);
  expect((answer.json() as { error: string }).error).toContain(message);
  expect((await ask(port, INFER, binary(ROW))).status).toBe(200);
});

test('the client of this package speaks it both ways when asked to', async () => {
  const { port } = await serve();
  const client = new InferenceClient({ url: `http://127.0.0.1:${port}`, binary: true });
  try {
    const { outputs } = await client.infer('sk', { inputs: [ROW] });
    expect(outputs).toEqual([{ name: 'output-0', datatype: 'INT64', shape: [1], data: BigInt64Array.of(10n) }]);
  } finally {
    client.close();
  }
});
