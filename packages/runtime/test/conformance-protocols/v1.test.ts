import { type Rule, conforms } from './support';

const ROW = [1, 2, 3, 4];
const PREDICT = '/v1/models/sk:predict';

const rules: readonly Rule[] = [
  ['the root says that the server is alive', async ({ get }) => expect((await get('/')).json()).toEqual({ status: 'alive' })],
  ['the list has the models in the order they were added', async ({ get }) => expect((await get('/v1/models')).json()).toEqual({ models: ['sk', 'echo'] })],
  ['a model that can be asked is ready', async ({ get }) => expect((await get('/v1/models/echo')).json()).toEqual({ name: 'echo', ready: true })],
  ['a model that is not there is 404, for every verb', async ({ get, post }) => {
    const answers = await Promise.all([get('/v1/models/x'), post('/v1/models/x:predict', { instances: [] }), post('/v1/models/x:explain', { instances: [] })]);
    expect(answers.map(({ status, text }) => [status, text])).toEqual(Array(3).fill([404, '{"error":"Model with name x does not exist."}']));
  }],
  ['GET with a verb asks for a model of that name', async ({ get }) => expect((await get(PREDICT)).status).toBe(404)],
  ['an unknown path is 404 with a detail', async ({ get }) => {
    const answer = await get('/v1/modelz');
    expect([answer.status, answer.json()]).toEqual([404, { detail: 'Not Found' }]);
  }],
  ['another method is 405 and says which is allowed', async ({ post }) => {
    const answer = await post('/v1/models', {});
    expect([answer.status, answer.json(), answer.headers.get('allow')]).toEqual([405, { detail: 'Method Not Allowed' }, 'GET']);
  }],
  ['instances are rows, predictions one for each', async ({ post }) => expect((await post(PREDICT, { instances: [ROW, ROW] })).text).toBe('{"predictions":[10,10]}')],
  ['inputs means instances, and counts where both are there', async ({ post }) => expect((await post(PREDICT, { inputs: [ROW], instances: [] })).json()).toEqual({ predictions: [10] })],
  ['no instances, no predictions', async ({ post }) => expect((await post(PREDICT, { instances: [] })).json()).toEqual({ predictions: [] })],
  ['other keys of the body are no mistake', async ({ post }) => expect((await post(PREDICT, { instances: [ROW], parameters: { a: 1 } })).status).toBe(200)],
  ['what is no object with a list is 400', async ({ post }) => {
    for (const body of [[], 5, null, {}, { instances: {} }, { instances: 'x' }]) expect((await post(PREDICT, body)).status).toBe(400);
  }],
  ['JSON is strict: NaN, Infinity, trailing commas and a byte order mark are 400', async ({ post }) => {
    for (const body of ['{"instances":[[NaN,1,1,1]]}', '{"instances":[[Infinity,1,1,1]]}', '{"instances":[[1,2,3,4],]}', '\ufeff{"instances":[]}']) {
      expect((await post(PREDICT, body)).json()).toEqual({ error: expect.stringMatching(/^Unrecognized request format: /) as unknown });
    }
  }],
  ['the content type does not matter', async ({ post }) => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/ld+json', 'application/octet-stream']) expect((await post(PREDICT, { instances: [ROW] }, { 'content-type': type })).status).toBe(200);
  }],
  ['answers are compact JSON of exactly that type', async ({ post }) => {
    const answer = await post(PREDICT, { instances: [ROW] });
    expect([answer.text, answer.headers.get('content-type')]).toEqual(['{"predictions":[10]}', 'application/json']);
  }],
  ['explain without an explainer is 501', async ({ post }) => expect((await post('/v1/models/sk:explain', { instances: [ROW] })).status).toBe(501)],
  ['request headers do not come back, but for the id', async ({ post }) => {
    const answer = await post(PREDICT, { instances: [ROW] }, { authorization: 'Bearer t', 'x-own': 'a', 'x-request-id': 'r' });
    expect([answer.headers.get('authorization'), answer.headers.get('x-own'), answer.headers.get('x-request-id')]).toEqual([null, null, 'r']);
  }],
  ['metrics have KServe\'s names', async ({ post, get }) => {
    await post(PREDICT, { instances: [ROW] });
    const { text } = await get('/metrics');
    for (const phase of ['preprocess', 'predict', 'postprocess']) expect(text).toContain(`request_${phase}_seconds_count{model_name="sk"}`);
  }],
];

conforms(rules);
