import { type CreateServerOptions, type CustomContext, type CustomModel, type Payload, type Result, type RunningServer, createServer } from '../../src/index';
import { faultServer, json } from '../support/fault-server';
import { ask } from '../support/http';

const servers: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serveOwn(model: CustomModel, options: Partial<CreateServerOptions> = {}): Promise<number> {
  const server = await createServer({ models: { own: model }, shutdownTimeoutSeconds: 1, ...options });
  servers.push(server);
  return server.port;
}

const PREDICT = '/v1/models/own:predict';

describe('a predictor of one\'s own', () => {
  class Shout implements CustomModel {
    suffix = '';
    closed = false;
    load(): void {
      this.suffix = '!';
    }
    preprocess(payload: Payload, { headers }: CustomContext): Payload {
      return { ...payload, instances: [...('instances' in payload ? payload.instances : []), headers['x-extra']] };
    }
    async predict(payload: Payload): Promise<Result> {
      return { predictions: 'instances' in payload ? payload.instances.map((text) => `${String(text)}${this.suffix}`) : [], mood: payload['mood' as never] };
    }
    postprocess(result: Result): Result {
      return { ...result, predictions: 'predictions' in result ? [...result.predictions].reverse() : [] };
    }
    explain(payload: Payload): unknown {
      return { why: payload };
    }
    close(): void {
      this.closed = true;
    }
  }

  test('gets the whole body and the headers, runs its phases in order and counts them', async () => {
    const model = new Shout();
    const port = await serveOwn(model);
    const answer = await ask(port, PREDICT, { body: '{"instances":["a"],"mood":"loud"}', headers: { 'x-extra': 'b' } });
    expect(answer.json()).toEqual({ predictions: ['b!', 'a!'], mood: 'loud' });
    expect((await ask(port, '/v1/models/own:explain', { body: '{"inputs":["a"]}', headers: { 'x-extra': 'b' } })).json()).toEqual({ why: { inputs: ['a'], instances: ['a', 'b'] } });
    const metrics = (await ask(port, '/metrics')).text;
    expect(['preprocess', 'predict', 'postprocess', 'explain'].map((phase) => new RegExp(`^request_${phase}_seconds_count\\{model_name="own"\\} (\\d+)$`, 'm').exec(metrics)?.[1])).toEqual(['2', '1', '1', '1']);
    await servers.pop()?.close();
    expect(model.closed).toBe(true);
  });

  test('tensors answer V1 as rows', async () => {
    const port = await serveOwn({ predict: () => ({ outputs: [{ name: 'o', datatype: 'FP32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }] }) });
    expect((await ask(port, PREDICT, { body: '{"instances":[1,2]}' })).json()).toEqual({ predictions: [[1, 2], [3, 4]] });
  });

  test('what it throws is 500 without its text, a wrong answer too, and a missing predict is 501', async () => {
    const port = await serveOwn({ predict: () => Promise.reject(new Error('password is 123')) });
    const answer = await ask(port, PREDICT, { body: '{"instances":[1]}' });
    expect([answer.status, answer.text]).toEqual([500, '{"error":"Internal server error"}']);
    expect((await ask(await serveOwn({ predict: () => ({}) as Result }), PREDICT, { body: '{"instances":[1]}' })).status).toBe(500);
    expect((await ask(await serveOwn({ postprocess: (result) => result }), PREDICT, { body: '{"instances":[1]}' })).status).toBe(501);
  });

  test('a failing load ends the start, and closes what was loaded before', async () => {
    const first = new Shout();
    const failing: CustomModel = { load: () => { throw new Error('no weights'); }, predict: () => ({ predictions: [] }) };
    await expect(createServer({ models: { first, failing } })).rejects.toMatchObject({ code: 'ISVC_SERVER_OWN_MODEL', message: 'load() of "failing" failed: no weights' });
    expect(first.closed).toBe(true);
    await expect(createServer({ models: { nothing: {} } })).rejects.toMatchObject({ code: 'ISVC_SERVER_OWN_MODEL' });
  });
});

describe('a transformer', () => {
  const transformer: CustomModel = {
    preprocess: (payload) => ({ ...payload, instances: 'instances' in payload ? payload.instances.map((row) => (row as number[]).map((cell) => cell * 10)) : [] }),
    postprocess: (result) => ({ predictions: 'predictions' in result ? result.predictions.map((value) => `class ${String(value)}`) : [] }),
  };
  const before = (port: number): Partial<CreateServerOptions> => ({ predictor: { host: `127.0.0.1:${port}`, requestTimeoutSeconds: 5 } });

  test('sends what it prepared to the service behind, under its own name, with the headers that belong to the request', async () => {
    const predictor = await faultServer((response) => json(response, 200, { predictions: [1] }));
    const port = await serveOwn(transformer, before(predictor.port));
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await ask(port, PREDICT, { body: '{"instances":[[1,2]],"parameters":{"a":1}}', headers: { authorization: 'Bearer t', traceparent, 'x-b3-traceid': 'b3', cookie: 'secret', 'x-request-id': 'r1' } });
    expect(answer.json()).toEqual({ predictions: ['class 1'] });
    const [asked] = predictor.asked;
    expect(asked).toMatchObject({ url: PREDICT, headers: { authorization: 'Bearer t', traceparent, 'x-b3-traceid': 'b3', 'x-request-id': 'r1' } });
    expect(asked?.headers).not.toHaveProperty('cookie');
    expect(JSON.parse(asked?.body.toString() ?? '')).toEqual({ instances: [[10, 20]], parameters: { a: 1 } });
  });

  test('turns rows into tensors for a predictor of V2, and its tensors into rows', async () => {
    const predictor = await faultServer((response) => json(response, 200, { model_name: 'own', outputs: [{ name: 'o', datatype: 'INT64', shape: [2], data: [7, 8] }] }));
    const port = await serveOwn({ preprocess: (payload) => payload }, { predictor: { host: `127.0.0.1:${predictor.port}`, protocol: 'v2' } });
    expect((await ask(port, PREDICT, { body: '{"instances":[[1,2.5],[3,4]]}' })).json()).toEqual({ predictions: [7, 8] });
    expect(predictor.asked[0]?.url).toBe('/v2/models/own/infer');
    expect(predictor.asked[0]?.body.toString('latin1')).toContain('"inputs":[{"name":"input-0","datatype":"FP64","shape":[2,2],"data":[1,2.5,3,4]}]');
    const ragged = await ask(port, PREDICT, { body: '{"instances":[[1,2],[3]]}' });
    expect([ragged.status, ragged.text]).toEqual([400, expect.stringContaining('lists of unequal lengths')]);
  });

  test.each([
    [400, { error: 'wrong width' }, 400, 'wrong width'], [404, { error: 'no model' }, 404, 'no model'], [503, { error: 'busy' }, 503, 'busy'],
    [500, { error: 'secret' }, 502, 'the predictor failed with status 500'],
  ])('a predictor that answers %i with %j is %i for the client', async (status, body, expected, text) => {
    const predictor = await faultServer((response) => json(response, status, body));
    const answer = await ask(await serveOwn(transformer, before(predictor.port)), PREDICT, { body: '{"instances":[[1]]}' });
    expect([answer.status, answer.json()]).toEqual([expected, { error: text }]);
  });

  test('a predictor that is away is 502 without its address, one that is slow is 504', async () => {
    const gone = await faultServer(() => {});
    gone.close();
    const away = await ask(await serveOwn(transformer, before(gone.port)), PREDICT, { body: '{"instances":[[1]]}' });
    expect([away.status, away.text]).toEqual([502, '{"error":"the predictor cannot be reached"}']);
    const slow = await faultServer(() => {});
    const late = await ask(await serveOwn(transformer, { predictor: { host: `127.0.0.1:${slow.port}`, requestTimeoutSeconds: 0.05 } }), PREDICT, { body: '{"instances":[[1]]}' });
    expect(late.status).toBe(504);
  });

  test('is ready only while the service behind is, where that is asked for', async () => {
    let status = 503;
    const predictor = await faultServer((response) => json(response, status, {}));
    const port = await serveOwn(transformer, { predictor: { host: `127.0.0.1:${predictor.port}`, protocol: 'v2', healthCheck: true } });
    const statuses = (): Promise<number[]> => Promise.all(['/v2/health/ready', '/v1/models/own', '/v2/models/own/ready', '/v2/health/live'].map(async (path) => (await ask(port, path)).status));
    expect(await statuses()).toEqual([503, 503, 503, 200]);
    status = 200;
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    expect(predictor.asked[0]?.url).toBe('/v2/models/own/ready');
  });
});
