import { fakeModel } from '../support/fake-model';
import { ask } from '../support/http';
import { serve } from '../support/served';

const INFER = '/v2/models/sk/infer';
const tensor = (more: object = {}): object => ({ name: 'input-0', shape: [1, 4], datatype: 'FP64', data: [1, 2, 3, 4], ...more });
const infer = (...inputs: object[]): { body: string } => ({ body: JSON.stringify({ id: '7', inputs }) });

describe('the V2 protocol', () => {
  test.each([
    ['/v2', 200, { name: 'cdk8s-kserve', version: '0.0.0', extensions: ['binary_tensor_data'] }],
    ['/v2/health/live', 200, { live: true }],
    ['/v2/health/ready', 200, { ready: true }],
    ['/v2/models', 200, { models: ['sk'] }],
    ['/v2/models/sk/ready', 200, { name: 'sk', ready: true }],
    ['/v2/models/sk/versions/1/ready', 200, { name: 'sk', ready: true }],
    ['/v2/models/nope', 404, { error: 'Model with name nope does not exist.' }],
    ['/v2/models/nope/ready', 404, { error: 'Model with name nope does not exist.' }],
    ['/v2/models/sk/versions/2', 404, { error: 'Model with name sk has no version 2; it has version 1.' }],
    ['/v2/models/sk/nope', 404, { detail: 'Not Found' }],
    ['/v2/models/sk/', 404, { detail: 'Not Found' }],
    ['/v2/models/', 404, { detail: 'Not Found' }],
    ['/v2/models/sk/versions/', 404, { detail: 'Not Found' }],
    ['/v2x', 404, { detail: 'Not Found' }],
  ])('GET %s is answered with %i %j', async (path, status, body) => {
    const { port } = await serve();
    const answer = await ask(port, path);
    expect({ status: answer.status, body: answer.json() }).toEqual({ status, body });
  });

  test.each([
    ['GET', INFER, 'POST'],
    ['POST', '/v2/models/sk', 'GET'],
    ['POST', '/v2/health/live', 'GET'],
  ])('%s %s is refused with 405 and says that %s is allowed', async (method, path, allow) => {
    const { port } = await serve();
    const answer = await ask(port, path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });

  test.each(['/v2/models/sk', '/v2/models/sk/versions/1'])('GET %s tells the tensors of the model', async (path) => {
    const { port } = await serve();
    expect((await ask(port, path)).json()).toEqual({
      name: 'sk',
      versions: ['1'],
      platform: 'fake',
      inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, 4] }],
      outputs: [{ name: 'output-0', datatype: 'INT64', shape: [-1] }],
    });
  });

  test('infer answers byte for byte as KServe does', async () => {
    const { port } = await serve();
    const answer = await ask(port, INFER, infer(tensor({ shape: [2, 4], data: [[1, 2, 3, 4], [5, 6, 7, 8]] })));
    expect(answer.text).toBe(
      '{"model_name":"sk","model_version":null,"id":"7","parameters":null,"outputs":[{"name":"output-0","shape":[2],"datatype":"INT64","parameters":null,"data":[10,26]}]}',
    );
  });

  test('infer under a version path answers with that version', async () => {
    const { port } = await serve();
    const answer = await ask(port, '/v2/models/sk/versions/1/infer', infer(tensor()));
    expect(answer.json()).toMatchObject({ model_version: '1' });
  });

  test.each([['{"id":"","inputs":'], ['{"inputs":'], ['{"id":null,"inputs":']])('a request that starts %s gets a fresh id', async (start) => {
    const { port } = await serve();
    const answer = await ask(port, INFER, { body: `${start}${JSON.stringify([tensor()])}}` });
    expect((answer.json() as { id: string }).id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
  });

  test.each([
    ['flat data', [tensor({ shape: [2, 4], data: [1, 2, 3, 4, 5, 6, 7, 8] })], [[1, 2, 3, 4], [5, 6, 7, 8]]],
    ['nested data', [tensor({ data: [[1, 2, 3, 4]] })], [[1, 2, 3, 4]]],
    ['data nested deeper than its shape', [tensor({ data: [[[1, 2], [3, 4]]] })], [[1, 2, 3, 4]]],
    ['an open dimension', [tensor({ shape: [-1, 4], data: [1, 2, 3, 4, 5, 6, 7, 8] })], [[1, 2, 3, 4], [5, 6, 7, 8]]],
    ['dimensions as text', [tensor({ shape: ['1', '4'] })], [[1, 2, 3, 4]]],
    ['a datatype in lower case', [tensor({ datatype: 'fp64' })], [[1, 2, 3, 4]]],
    ['numbers as text', [tensor({ data: ['1.5', '2', '3', '4'] })], [[1.5, 2, 3, 4]]],
    ['FP32, rounded to single precision', [tensor({ datatype: 'FP32', data: [0.1, 2, 3, 4] })], [[Math.fround(0.1), 2, 3, 4]]],
    ['INT64, without fractions', [tensor({ datatype: 'INT64', data: [1.7, -1.7, 3, 4] })], [[1, -1, 3, 4]]],
    ['BOOL', [tensor({ datatype: 'BOOL', data: [true, false, 'x', 0] })], [[1, 0, 1, 0]]],
    ['one column an input', ['a', 'b', 'c', 'd'].map((name, i) => ({ name, shape: [2], datatype: 'FP64', data: [i, i + 4] })), [[0, 1, 2, 3], [4, 5, 6, 7]]],
    ['columns of shape [n,1]', ['a', 'b', 'c', 'd'].map((name, i) => ({ name, shape: [-1, 1], datatype: 'INT32', data: [[i], [i + 4]] })), [[0, 1, 2, 3], [4, 5, 6, 7]]],
  ])('infer reads %s', async (_what, inputs, rows) => {
    const { port, model } = await serve();
    const answer = await ask(port, INFER, infer(...(inputs as object[])));
    expect([answer.status, model.asked.map((call) => call.rows)]).toEqual([200, [rows]]);
  });

  test('columns go by the names the model was fitted with', async () => {
    const { port, model } = await serve({ model: fakeModel({ features: 2, featureNames: ['a', 'b'] }) });
    const columns = [{ name: 'b', shape: [1], datatype: 'FP64', data: [2] }, { name: 'x', shape: [1], datatype: 'FP64', data: [9] }, { name: 'a', shape: [1], datatype: 'FP64', data: [1] }];
    expect((await ask(port, INFER, infer(...columns))).status).toBe(200);
    expect(model.asked[0]?.rows).toEqual([[1, 2]]);
  });

  test('a model of one feature takes a plain list', async () => {
    const { port, model } = await serve({ model: fakeModel({ features: 1 }) });
    await ask(port, INFER, infer(tensor({ shape: [3], data: [1, 2, 3] })));
    expect(model.asked[0]?.rows).toEqual([[1], [2], [3]]);
  });

  test('requested outputs are checked by name', async () => {
    const { port } = await serve();
    const request = (name: string): { body: string } => ({ body: JSON.stringify({ inputs: [tensor()], outputs: [{ name }] }) });
    expect((await ask(port, INFER, request('output-0'))).status).toBe(200);
    const refused = await ask(port, INFER, request('zzz'));
    expect([refused.status, refused.json()]).toEqual([400, { error: "Unexpected inference output 'zzz' for model 'sk'" }]);
  });

  test.each([
    ['a shape that the data do not fill', [tensor({ shape: [1, 3] })], "cannot reshape array of size 4 into shape (1,3) for input 'input-0'"],
    ['two open dimensions', [tensor({ shape: [-1, -1] })], "cannot reshape array of size 4 into shape (-1,-1) for input 'input-0'"],
    ['an open dimension beside an empty one', [tensor({ shape: [-1, 0], data: [] })], "cannot reshape array of size 0 into shape (-1,0) for input 'input-0'"],
    ['a row without its axis', [tensor({ shape: [4] })], "Expected 2D array, got 1D array instead: input 'input-0' has shape [4]; send shape [rows,4]"],
    ['a cube', [tensor({ shape: [1, 2, 2] })], "Expected 2D array, got 3D array instead: input 'input-0' has shape [1,2,2]; send shape [rows,4]"],
    ['ragged data', [tensor({ data: [[1, 2, 3], [4]] })], "the data of input 'input-0' is ragged; all rows must have the same length"],
    ['a number beside a row', [tensor({ data: [1, [2, 3, 4]] })], "the data of input 'input-0' is ragged; all rows must have the same length"],
    ['text in a number', [tensor({ data: [1, 2, 3, 'x'] })], "element 3 of input 'input-0' is not a valid FP64: \"x\""],
    ['a value out of range', [tensor({ datatype: 'UINT8', data: [1, 2, 3, 256] })], "element 3 of input 'input-0' is not a valid UINT8: 256"],
    ['an object as an element', [tensor({ datatype: 'BOOL', data: [1, 2, 3, {}] })], "element 3 of input 'input-0' is not a valid BOOL: an object"],
    ['FP16', [tensor({ datatype: 'FP16' })], 'Sending FP16 data via JSON is not supported. Please use the binary data format for input input-0'],
    ['text tensors', [tensor({ datatype: 'BYTES', data: ['a', 'b', 'c', 'd'] })], /has datatype BYTES, but the model takes numbers/],
    ['an unknown datatype', [tensor({ datatype: '__proto__' })], /invalid datatype "__PROTO__" in input 'input-0'; allowed are BOOL, INT8/],
    ['no inputs', [], 'the request has no inputs; expected at least one tensor'],
    ['columns of unequal length', [{ name: 'a', shape: [1], datatype: 'FP64', data: [1] }, { name: 'b', shape: [2], datatype: 'FP64', data: [1, 2] }], 'the inputs have different numbers of rows: 1 and 2'],
    ['two columns of one name', [{ name: 'a', shape: [1], datatype: 'FP64', data: [1] }, { name: 'a', shape: [1], datatype: 'FP64', data: [1] }], 'two inputs have the same name'],
    ['a table among columns', [tensor(), tensor({ name: 'b' })], "with several inputs each must be one column of shape [n] or [n,1], but 'input-0' has shape [1,4]"],
    ['a wrong width', [tensor({ shape: [2, 2] })], 'the input has 2 columns, Fake expects 4'],
  ])('infer refuses %s with 400', async (_what, inputs, error) => {
    const { port } = await serve();
    const answer = await ask(port, INFER, infer(...inputs));
    expect(answer.status).toBe(400);
    expect((answer.json() as { error: string }).error).toEqual(typeof error === 'string' ? error : expect.stringMatching(error));
  });

  test.each([
    ['{"inputs":', 'json_invalid', ['body', 0]],
    ['5', 'dict_type', ['body', 'InferenceRequest']],
    ['{}', 'missing', ['body', 'InferenceRequest', 'inputs']],
    ['{"inputs":{}}', 'list_type', ['body', 'InferenceRequest', 'inputs']],
    ['{"inputs":[5]}', 'model_attributes_type', ['body', 'InferenceRequest', 'inputs', 0]],
    ['{"inputs":[{"name":"a","shape":[1],"datatype":"FP32"}]}', 'missing', ['body', 'InferenceRequest', 'inputs', 0, 'data']],
    ['{"inputs":[{"name":"a","shape":[1.5],"datatype":"FP32","data":[1]}]}', 'int_parsing', ['body', 'InferenceRequest', 'inputs', 0, 'shape', 0]],
    ['{"inputs":[{"name":"a","shape":[-2],"datatype":"FP32","data":[1]}]}', 'int_parsing', ['body', 'InferenceRequest', 'inputs', 0, 'shape', 0]],
    ['{"id":7,"inputs":[]}', 'string_type', ['body', 'InferenceRequest', 'id']],
    ['{"parameters":{"a":{}},"inputs":[]}', 'string_type', ['body', 'InferenceRequest', 'parameters', 'a']],
    ['{"outputs":[{}],"inputs":[]}', 'missing', ['body', 'InferenceRequest', 'outputs', 0, 'name']],
  ])('infer refuses %s with 422 and locates it', async (body, type, loc) => {
    const { port } = await serve();
    const answer = await ask(port, INFER, { body });
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({ error: expect.any(String), detail: [{ type, loc }] });
  });

  test('infer reports every schema problem of a request at once', async () => {
    const { port } = await serve();
    const answer = await ask(port, INFER, { body: '{"id":1,"inputs":[{"shape":[1]}]}' });
    expect((answer.json() as { detail: { loc: unknown[] }[] }).detail.map(({ loc }) => loc.slice(2).join('.'))).toEqual(['id', 'inputs.0.name', 'inputs.0.datatype', 'inputs.0.data']);
  });

  test('PREDICT_PROBA changes the answer and the metadata, for models that have probabilities', async () => {
    const withProbabilities = await serve({ method: 'predict_proba', model: fakeModel({ hasProbabilities: true }) });
    await ask(withProbabilities.port, INFER, infer(tensor()));
    expect(withProbabilities.model.asked[0]?.options).toEqual({ method: 'predict_proba' });
    expect((await ask(withProbabilities.port, '/v2/models/sk')).json()).toMatchObject({ outputs: [{ datatype: 'FP64', shape: [-1, -1] }] });
    const without = await serve({ method: 'predict_proba' });
    await ask(without.port, INFER, infer(tensor()));
    expect(without.model.asked[0]?.options).toEqual({ method: 'predict' });
  });
});
