import { type Rule, conforms } from './support';

const INFER = '/v2/models/sk/infer';
const ECHO = '/v2/models/echo/infer';
const rows = (more: object = {}): object => ({ name: 'input-0', shape: [1, 4], datatype: 'FP64', data: [1, 2, 3, 4], ...more });
const one = (datatype: string, data: readonly unknown[], shape: readonly unknown[] = [data.length]): object => ({ inputs: [{ name: 'x', datatype, shape, data }] });
interface Inferred { readonly id: string; readonly outputs: { readonly data: unknown[]; readonly shape: number[] }[] }

const rules: readonly Rule[] = [
  ['the server has a name, a version and extensions', async ({ get }) => expect((await get('/v2')).json()).toEqual({ name: 'cdk8s-kserve', version: expect.any(String) as unknown, extensions: ['binary_tensor_data', 'model_repository_extension'] })],
  ['live and ready', async ({ get }) => expect([(await get('/v2/health/live')).json(), (await get('/v2/health/ready')).json()]).toEqual([{ live: true }, { ready: true }])],
  ['the list has the models', async ({ get }) => expect((await get('/v2/models')).json()).toEqual({ models: ['sk', 'echo'] })],
  ['metadata has names, datatypes and shapes', async ({ get }) => expect((await get('/v2/models/sk')).json()).toMatchObject({ name: 'sk', versions: ['1'], platform: 'fake', inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, 4] }] })],
  ['a version in the path is the model of that version', async ({ get, post }) => {
    expect((await get('/v2/models/sk/versions/1')).json()).toMatchObject({ name: 'sk' });
    expect((await get('/v2/models/sk/versions/1/ready')).json()).toEqual({ name: 'sk', ready: true });
    expect((await post('/v2/models/sk/versions/1/infer', { inputs: [rows()] })).json()).toMatchObject({ model_version: '1' });
    expect((await get('/v2/models/sk/versions/9')).status).toBe(404);
  }],
  ['an unknown model is 404', async ({ get, post }) => expect([(await get('/v2/models/x')).status, (await get('/v2/models/x/ready')).status, (await post('/v2/models/x/infer', { inputs: [] })).status]).toEqual([404, 404, 404])],
  ['the id comes back, and a missing or empty one is made', async ({ post }) => {
    expect((await post(INFER, { id: 'a', inputs: [rows()] })).json()).toMatchObject({ id: 'a' });
    for (const id of [undefined, '', null]) expect(((await post(INFER, { id, inputs: [rows()] })).json() as Inferred).id).toMatch(/^[0-9a-f-]{36}$/);
  }],
  ['members of an answer have their order, and null where there is nothing', async ({ post }) => expect((await post(INFER, { id: 'a', inputs: [rows()] })).text).toBe(
    '{"model_name":"sk","model_version":null,"id":"a","parameters":null,"outputs":[{"name":"output-0","shape":[1],"datatype":"INT64","parameters":null,"data":[10]}]}')],
  ['data may be flat or nested, deeper than the shape, too', async ({ post }) => {
    for (const data of [[1, 2, 3, 4], [[1, 2, 3, 4]], [[[1, 2], [3, 4]]]]) expect((await post(INFER, { inputs: [rows({ data })] })).json()).toMatchObject({ outputs: [{ data: [10] }] });
  }],
  ['data of an answer is flat', async ({ post }) => expect((await post(ECHO, one('FP32', [[1, 2], [3, 4]], [2, 2]))).json()).toMatchObject({ outputs: [{ shape: [2, 2], data: [1, 2, 3, 4] }] })],
  ['one axis may be -1', async ({ post }) => {
    expect((await post(ECHO, one('FP32', [1, 2, 3, 4], [-1, 2]))).json()).toMatchObject({ outputs: [{ shape: [2, 2] }] });
    expect((await post(ECHO, one('FP32', [1, 2, 3, 4], [-1, -1]))).status).toBe(400);
  }],
  ['lengths in a shape may be text', async ({ post }) => expect((await post(ECHO, one('FP32', [1, 2], ['2']))).json()).toMatchObject({ outputs: [{ shape: [2] }] })],
  ['a shape that the data does not fill is 400', async ({ post }) => {
    for (const shape of [[3], [1, 3], [0], [-1, 3]]) expect((await post(ECHO, one('FP32', [1, 2, 3, 4], shape))).status).toBe(400);
  }],
  ['every datatype that JSON can carry comes back as it went', async ({ post }) => {
    const all: readonly (readonly [string, unknown[]])[] = [
      ['BOOL', [true, false]], ['INT8', [-128, 127]], ['INT16', [-32768, 32767]], ['INT32', [-2147483648, 2147483647]], ['INT64', [-9007199254740991, 9007199254740991]], ['UINT8', [0, 255]],
      ['UINT16', [0, 65535]], ['UINT32', [0, 4294967295]], ['UINT64', [0, 9007199254740991]], ['FP32', [1.5, -0.25]], ['FP64', [0.1, -1e300]], ['BYTES', ['ü', '']],
    ];
    for (const [datatype, data] of all) expect([datatype, ((await post(ECHO, one(datatype, data))).json() as Inferred).outputs[0]?.data]).toEqual([datatype, data]);
  }],
  ['datatypes are read in any case', async ({ post }) => expect((await post(ECHO, one('fp32', [1]))).json()).toMatchObject({ outputs: [{ datatype: 'FP32' }] })],
  ['a value that its datatype does not hold is 400', async ({ post }) => {
    for (const [datatype, value] of [['INT8', 128], ['UINT8', -1], ['UINT64', -1], ['BF16', 1], ['FP16', 1], ['nonsense', 1]] as const) expect([datatype, (await post(ECHO, one(datatype, [value]))).status]).toEqual([datatype, 400]);
  }],
  ['whole floats have a point, zero its sign, and what is no number is null', async ({ post }) => expect((await post(ECHO, '{"inputs":[{"name":"x","datatype":"FP64","shape":[4],"data":[1,-0.0,null,1e-7]}]}')).text).toContain('"data":[1.0,-0.0,null,1e-7]')],
  ['an output that was asked for and is not there is 400', async ({ post }) => expect((await post(INFER, { inputs: [rows()], outputs: [{ name: 'zzz' }] })).json()).toEqual({ error: "Unexpected inference output 'zzz' for model 'sk'" })],
  ['parameters, the id, outputs and headers reach the model', async ({ post, echo }) => {
    await post(ECHO, { ...one('FP32', [1]), id: 'a', parameters: { n: 1, s: 't', b: true }, outputs: [{ name: 'x' }] }, { 'x-tenant': 'z' });
    expect(echo.asked[0]?.context).toMatchObject({ id: 'a', parameters: { n: 1, s: 't', b: true }, outputs: ['x'], headers: { 'x-tenant': 'z' } });
  }],
  ['fields that nobody knows are no mistake', async ({ post }) => expect((await post(INFER, { model_name: 'x', more: [1], inputs: [rows({ more: {} })] })).status).toBe(200)],
  ['a body against the schema is 422 with every problem and where it is', async ({ post }) => {
    const answer = await post(INFER, { id: 7, parameters: { a: {} }, inputs: [{ name: 1, shape: 'x', datatype: 2 }, 5], outputs: {} });
    const { detail } = answer.json() as { detail: { loc: unknown[] }[] };
    expect([answer.status, detail.map(({ loc }) => loc.slice(2).join('.'))]).toEqual([422, ['id', 'parameters.a', 'inputs.0.name', 'inputs.0.shape', 'inputs.0.datatype', 'inputs.0.data', 'inputs.1', 'outputs']]);
  }],
  ['a body that is no JSON is 422', async ({ post }) => expect((await post(INFER, '{"inputs":')).json()).toMatchObject({ detail: [{ type: 'json_invalid' }] })],
  // Stock tritonclient sends none with JSON.
  ['no content type is JSON, too', async ({ post, echo }) => {
    expect((await post(ECHO, Buffer.from(JSON.stringify(one('FP32', [1]))))).status).toBe(200);
    expect(echo.asked[0]?.context.headers).not.toHaveProperty('content-type');
    expect((await post(INFER, { inputs: [rows()] }, { 'content-type': 'application/octet-stream' })).status).toBe(200);
  }],
  ['the index lists models, or those that are ready; load and unload answer with the name', async ({ post }) => {
    for (const body of ['', {}]) expect((await post('/v2/repository/index', body)).json()).toMatchObject([{ name: 'sk', state: 'READY', reason: '' }, { name: 'echo' }]);
    expect((await post('/v2/repository/models/sk/unload', {})).json()).toEqual({ name: 'sk', unload: true });
    expect((await post('/v2/repository/index', { ready: true })).json()).toMatchObject([{ name: 'echo' }]);
    expect((await post(INFER, { inputs: [rows()] })).status).toBe(503);
    expect((await post('/v2/repository/models/sk/load', {})).json()).toEqual({ name: 'sk', load: true });
    expect((await post('/v2/repository/models/x/load', {})).status).toBe(404);
  }],
];

conforms(rules, { repositoryApi: true });
