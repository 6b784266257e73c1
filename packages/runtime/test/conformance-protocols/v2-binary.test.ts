import { type Rule, type Subject, conforms } from './support';

const INFER = '/v2/models/sk/infer';
const ECHO = '/v2/models/echo/infer';
const HEADER = 'inference-header-content-length';
const floats = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
const input = (bytes: Buffer, more: object = {}): object => ({ name: 'x', datatype: 'FP32', shape: [bytes.length / 4], parameters: { binary_data_size: bytes.length }, ...more });

async function send({ port }: Subject, path: string, json: object, tail: Buffer, header?: string): Promise<{ readonly status: number; readonly headers: Headers; readonly json: Record<string, unknown>; readonly tail: Buffer }> {
  const head = Buffer.from(JSON.stringify(json));
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: Buffer.concat([head, tail]), headers: { connection: 'close', [HEADER]: header ?? String(head.length) } });
  const body = Buffer.from(await response.arrayBuffer());
  const length = Number(response.headers.get(HEADER) ?? body.length);
  return { status: response.status, headers: response.headers, json: JSON.parse(body.toString('utf8', 0, length)) as Record<string, unknown>, tail: body.subarray(length) };
}

const rules: readonly Rule[] = [
  ['tensors follow the JSON in the order of the inputs', async (subject) => {
    const [a, b] = [floats(1, 2), floats(3)];
    await send(subject, ECHO, { inputs: [input(a, { name: 'a' }), input(b, { name: 'b' })] }, Buffer.concat([a, b]));
    expect(subject.echo.asked[0]?.inputs.map(({ name, data }) => [name, ...(data as Float32Array)])).toEqual([['a', 1, 2], ['b', 3]]);
  }],
  ['an input with data takes no bytes', async (subject) => {
    await send(subject, ECHO, { inputs: [{ name: 'a', datatype: 'FP32', shape: [1], data: [7], parameters: { binary_data_size: 4 } }, input(floats(3), { name: 'b' })] }, floats(3));
    expect(subject.echo.asked[0]?.inputs.map(({ data }) => [...(data as Float32Array)])).toEqual([[7], [3]]);
  }],
  ['every datatype goes and comes as bytes', async (subject) => {
    const all: readonly (readonly [string, Buffer])[] = [
      ['BOOL', Buffer.from([1, 0])], ['INT8', Buffer.from([0x80, 0x7f])], ['UINT8', Buffer.from([0, 255])], ['INT16', Buffer.alloc(4, 0x80)], ['UINT16', Buffer.alloc(4, 0xff)], ['FP16', Buffer.from([0, 0x3c, 1, 0])],
      ['INT32', Buffer.alloc(8, 0x81)], ['UINT32', Buffer.alloc(8, 0xfe)], ['FP32', floats(1.5, -2)], ['INT64', Buffer.alloc(16, 0x85)], ['UINT64', Buffer.alloc(16, 0xf7)], ['FP64', Buffer.from(Float64Array.of(0.1, -1e300).buffer)],
      ['BYTES', Buffer.from([2, 0, 0, 0, 0xc3, 0xbc, 0, 0, 0, 0])], ['BYTES', Buffer.from([1, 0, 0, 0, 0xff, 1, 0, 0, 0, 0])],
    ];
    for (const [datatype, bytes] of all) {
      const answer = await send(subject, ECHO, { parameters: { binary_data_output: true }, inputs: [input(bytes, { datatype, shape: [2] })] }, bytes);
      expect([datatype, answer.json['outputs'], answer.tail]).toEqual([datatype, [{ name: 'x', shape: [2], datatype, parameters: { binary_data_size: bytes.length } }], bytes]);
    }
  }],
  ['a table model takes bytes, too', async (subject) => expect((await send(subject, INFER, { inputs: [input(floats(1, 2, 3, 4), { shape: [1, 4] })] }, floats(1, 2, 3, 4))).json).toMatchObject({ outputs: [{ data: [10] }] })],
  ['binary_data_output makes all outputs binary, binary_data one of them', async (subject) => {
    const outputs = async (json: object): Promise<unknown> => (await send(subject, ECHO, { inputs: ['a', 'b'].map((name) => input(floats(1), { name })), ...json }, floats(1, 1))).json['outputs'];
    const bytes = (name: string): object => ({ name, shape: [1], datatype: 'FP32', parameters: { binary_data_size: 4 } });
    expect(await outputs({ parameters: { binary_data_output: true } })).toEqual([bytes('a'), bytes('b')]);
    expect(await outputs({ outputs: [{ name: 'a', parameters: { binary_data: true } }, { name: 'b' }] })).toEqual([bytes('a'), expect.objectContaining({ name: 'b', data: [1] })]);
    expect(await outputs({ parameters: { binary_data_output: true }, outputs: [{ name: 'a' }, { name: 'b', parameters: { binary_data: false } }] })).toEqual([bytes('a'), expect.objectContaining({ data: [1] })]);
  }],
  ['a binary answer has its type, its length and the members in their order', async (subject) => {
    const { headers, json } = await send(subject, INFER, { id: 'i', parameters: { binary_data_output: true }, inputs: [input(floats(1, 2, 3, 4), { shape: [1, 4] })] }, floats(1, 2, 3, 4));
    expect([headers.get('content-type'), Number(headers.get('content-length')), Object.keys(json)]).toEqual(['application/octet-stream', Number(headers.get(HEADER)) + 8, ['id', 'model_name', 'model_version', 'outputs']]);
  }],
  ['without the header the body is JSON, and a tensor without data 422', async ({ post }) => expect((await post(INFER, { inputs: [input(floats(1))] })).status).toBe(422)],
  ['half floats that are asked for as JSON are 400', async (subject) => expect((await send(subject, ECHO, { inputs: [input(Buffer.from([0, 0x3c]), { datatype: 'FP16', shape: [1] })] }, Buffer.from([0, 0x3c]))).status).toBe(400)],
  ['sizes that disagree are 400', async (subject) => {
    for (const [size, tail] of [[8, floats(1)], [4, floats(1, 2)], [3, Buffer.alloc(3)], [0, Buffer.alloc(0)]] as const) {
      expect([size, (await send(subject, ECHO, { inputs: [input(floats(1), { parameters: { binary_data_size: size } })] }, tail)).status]).toEqual([size, 400]);
    }
  }],
  ['a length that is no number, negative or beyond the body is 400, and one that cuts the JSON 422', async (subject) => {
    for (const header of ['x', '-1', '99999', '1e2', '']) expect([header, (await send(subject, ECHO, { inputs: [input(floats(1))] }, floats(1), header)).status]).toEqual([header, 400]);
    expect((await send(subject, ECHO, { inputs: [input(floats(1))] }, floats(1), '9')).status).toBe(422);
  }],
  ['BYTES whose lengths do not fit, and BOOLs that are none, are 400', async (subject) => {
    for (const [datatype, bytes] of [['BYTES', Buffer.from([9, 0, 0, 0, 1])], ['BYTES', Buffer.from([1, 0])], ['BOOL', Buffer.from([2])]] as const) expect((await send(subject, ECHO, { inputs: [input(bytes, { datatype, shape: [1] })] }, bytes)).status).toBe(400);
  }],
];

conforms(rules);
