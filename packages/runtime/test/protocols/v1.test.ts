import { fakeModel } from '../support/fake-model';
import { ask } from '../support/http';
import { serve } from '../support/served';

describe('the V1 protocol', () => {
  const PREDICT = '/v1/models/sk:predict';

  test.each([
    ['GET', '/', 200, { status: 'alive' }],
    ['GET', '/v1/models', 200, { models: ['sk'] }],
    ['GET', '/v1/models/sk', 200, { name: 'sk', ready: true }],
    ['GET', '/v1/models/sk?verbose=1', 200, { name: 'sk', ready: true }],
    ['GET', '/v1/models/s%6B', 200, { name: 'sk', ready: true }],
    ['GET', '/v1/models/nope', 404, { error: 'Model with name nope does not exist.' }],
    ['GET', '/v1/models/%E0%A4%A', 404, { error: 'Model with name %E0%A4%A does not exist.' }],
    ['GET', PREDICT, 404, { error: 'Model with name sk:predict does not exist.' }],
    ['GET', '/v1/models/', 404, { detail: 'Not Found' }],
    ['GET', '/v1/modelsk', 404, { detail: 'Not Found' }],
    ['GET', '/v1/models/sk/x', 404, { detail: 'Not Found' }],
    ['GET', '/nope', 404, { detail: 'Not Found' }],
    ['POST', '/nope', 404, { detail: 'Not Found' }],
    ['POST', '/v1/models/nope:predict', 404, { error: 'Model with name nope does not exist.' }],
    ['POST', '/v1/models/sk:explain', 501, { error: "Model with name sk has no explainer; ask the explainer's own service." }],
    ['POST', '/v1/models/nope:explain', 404, { error: 'Model with name nope does not exist.' }],
  ])('%s %s is answered with %i %j', async (method, path, status, body) => {
    const { port } = await serve();
    const answer = await ask(port, path, { method, ...(method === 'POST' ? { body: '{"instances":[[1,2,3,4]]}' } : {}) });
    expect({ status: answer.status, body: answer.json() }).toEqual({ status, body });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  test.each([
    ['POST', '/v1/models', 'GET'],
    ['POST', '/v1/models/sk', 'GET'],
    ['PUT', PREDICT, 'POST'],
    ['DELETE', '/', 'GET'],
    ['POST', '/metrics', 'GET'],
  ])('%s %s is refused with 405 and says that %s is allowed', async (method, path, allow) => {
    const { port } = await serve();
    const answer = await ask(port, path, { method });
    expect([answer.status, answer.headers.get('allow'), answer.json()]).toEqual([405, allow, { detail: 'Method Not Allowed' }]);
  });

  test('HEAD on a GET route is refused with 405 and no body', async () => {
    const { port } = await serve();
    const answer = await ask(port, '/v1/models/sk', { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([405, '']);
  });

  test.each([
    ['rows', '{"instances":[[1,2,3,4],[5,6,7,8]]}', [[1, 2, 3, 4], [5, 6, 7, 8]]],
    ['rows under inputs', '{"inputs":[[1,2,3,4]]}', [[1, 2, 3, 4]]],
    ['both keys: inputs wins', '{"instances":[[9,9,9,9]],"inputs":[[1,2,3,4]]}', [[1, 2, 3, 4]]],
    ['booleans and missing values', '{"instances":[[true,false,null,4]]}', [[1, 0, Number.NaN, 4]]],
    ['extra keys', '{"parameters":{"a":1},"instances":[[1,2,3,4]]}', [[1, 2, 3, 4]]],
    ['objects of scalars', '{"instances":[{"d":4,"c":3,"b":2,"a":1}]}', [[4, 3, 2, 1]]],
    ['objects whose keys change places', '{"instances":[{"a":1,"b":2,"c":3,"d":4},{"d":8,"c":7,"b":6,"a":5}]}', [[1, 2, 3, 4], [5, 6, 7, 8]]],
    ['objects of lists', '{"instances":[{"a":[1,5],"b":[2,6],"c":[3,7],"d":[4,8]}]}', [[1, 2, 3, 4], [5, 6, 7, 8]]],
    ['objects keyed by row', '{"instances":[{"a":{"x":1,"y":5},"b":{"y":6,"x":2},"c":{"x":3,"y":7},"d":{"x":4,"y":8}}]}', [[1, 2, 3, 4], [5, 6, 7, 8]]],
    ['lists of records', '{"instances":[[{"a":1,"b":2,"c":3,"d":4}],[{"a":5,"b":6,"c":7,"d":8}]]}', [[1, 2, 3, 4], [5, 6, 7, 8]]],
  ])('predict reads %s', async (_what, body, rows) => {
    const { port, model } = await serve();
    const answer = await ask(port, PREDICT, { body });
    expect(answer.status).toBe(200);
    expect(model.asked.map((call) => call.rows)).toEqual([rows]);
  });

  test('objects are put in the order of the names the model was fitted with, and more columns do not matter', async () => {
    const { port, model } = await serve({ model: fakeModel({ featureNames: ['a', 'b', 'c', 'd'] }) });
    await ask(port, PREDICT, { body: '{"instances":[{"z":0,"d":4,"a":1,"b":2,"c":3}]}' });
    expect(model.asked[0]?.rows).toEqual([[1, 2, 3, 4]]);
  });

  test.each([
    ['no content type', undefined],
    ['a charset', 'application/json; charset=utf-8'],
    ['the content type of command-line tools', 'application/x-www-form-urlencoded'],
    ['plain text', 'text/plain'],
  ])('predict reads JSON sent with %s', async (_what, type) => {
    const { port } = await serve();
    const answer = await ask(port, PREDICT, { body: Buffer.from('{"instances":[[1,2,3,4]]}'), headers: type === undefined ? {} : { 'content-type': type } });
    expect([answer.status, answer.text]).toEqual([200, '{"predictions":[10]}']);
  });

  test('no instances give no predictions, and the model is not asked', async () => {
    const { port, model } = await serve();
    const answer = await ask(port, PREDICT, { body: '{"instances":[]}' });
    expect([answer.status, answer.text, model.asked.length]).toEqual([200, '{"predictions":[]}', 0]);
  });

  test.each([
    ['{}', 'Expected "instances" to be a list'],
    ['{"instances":5}', 'Expected "instances" to be a list'],
    ['{"inputs":{"a":[1]}}', 'Expected "inputs" to be a list'],
    ['[[1,2,3,4]]', 'Expected the request body to be a JSON object with "instances"'],
    ['null', 'Expected the request body to be a JSON object with "instances"'],
    ['', 'Unrecognized request format: the body is empty; expected a JSON object'],
    ['{"instances":', /^Unrecognized request format: /],
    ['{"instances":[[NaN,1,2,3]]}', /^Unrecognized request format: /],
    ['\ufeff{"instances":[]}', /^Unrecognized request format: /],
    ['{"instances":[1,2,3,4]}', 'every instance must be an array of numbers or an object of named values, got 1; a single row is [[1, 2, 3]], not [1, 2, 3]'],
    ['{"instances":["text"]}', /every instance must be an array of numbers.*got "text"/],
    ['{"instances":[[1,2,3,4],[1,2]]}', 'row 1 has 2 values where row 0 has 4; all rows must have the same length'],
    ['{"instances":[[1,2,3,4],{"a":1}]}', 'row 1 must be an array like row 0, got an object'],
    ['{"instances":[[1,2,3,"4"]]}', 'row 0, column 3 must be a number, got "4"'],
    ['{"instances":[[1,2,3,[4]]]}', 'row 0, column 3 must be a number, got an array'],
    ['{"instances":[{"a":1},5]}', 'instance 1 must be an object like the first one, got 5'],
    ['{"instances":[{"a":1},{"b":1}]}', 'row 1 lacks the column "a"; its columns are "b"'],
    ['{"instances":[{"a":[1,2],"b":[1]}]}', 'row 0: the columns "a" and "b" do not have the same rows'],
    ['{"instances":[{"a":{"x":1},"b":{"y":1}}]}', 'row 0: the columns "a" and "b" do not have the same rows'],
    ['{"instances":[[1,2]]}', 'the input has 2 columns, Fake expects 4'],
  ])('predict refuses %s with 400 and says why', async (body, error) => {
    const { port } = await serve();
    const answer = await ask(port, PREDICT, { body });
    expect(answer.status).toBe(400);
    expect((answer.json() as { error: string }).error).toEqual(typeof error === 'string' ? error : expect.stringMatching(error));
  });
});
