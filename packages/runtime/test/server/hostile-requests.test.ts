import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { type OutputTensor } from '../../src/model/model';
import { fakeModel } from '../support/fake-model';
import { ANSWER, INFER as INFER_MESSAGE, askGrpc, connectGrpc } from '../support/grpc';
import { ask, talk } from '../support/http';
import { serve } from '../support/served';
import { until } from '../../../../test/support/until';

const PREDICT = '/v1/models/sk:predict';
const INFER = '/v2/models/sk/infer';
const GOOD = '{"instances":[[1,2,3,4]]}';

function post(body: string, more = ''): string {
  return `POST ${PREDICT} HTTP/1.1\r\nhost: x\r\n${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

describe('hostile requests', () => {
  // Whatever a client did before, the next one is served.
  const stillServes = async (port: number): Promise<void> => {
    expect((await ask(port, PREDICT, { body: GOOD })).text).toBe('{"predictions":[10]}');
  };

  test('a body over the limit is answered with 413, also when its length is not announced', async () => {
    const { port } = await serve({ maxRequestBytes: 1000 });
    const body = `{"instances":[${'[1,2,3,4],'.repeat(1000)}[1,2,3,4]]}`;
    const announced = await talk(port, post(body));
    const chunked = await talk(port, `POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
    for (const answer of [announced, chunked]) {
      expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*connection: close[^]*\{"error":"the request body is larger than 1000 bytes"\}$/i);
    }
    await stillServes(port);
  });

  test('a client that goes on sending after 413 is cut off', async () => {
    const { port } = await serve({ maxRequestBytes: 1000 });
    const answer = await talk(port, `POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n${'x'.repeat(2000)}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    await stillServes(port);
  });

  test('a body of exactly the limit is read', async () => {
    const { port } = await serve({ maxRequestBytes: GOOD.length });
    await stillServes(port);
  });

  test.each([
    ['arrays', '['.repeat(200_000)],
    ['closed arrays', `{"instances":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`],
    ['objects', '{"a":'.repeat(100_000)],
    ['tensor data', `{"inputs":[{"name":"a","shape":[1],"datatype":"FP64","data":${'['.repeat(100_000)}1${']'.repeat(100_000)}}]}`],
  ])('deeply nested %s are refused', async (_what, body) => {
    const { port } = await serve();
    for (const path of [PREDICT, INFER]) {
      const { status } = await ask(port, path, { body });
      expect([400, 422]).toContain(status);
    }
    await stillServes(port);
  });

  test.each([
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /Unrecognized request format: it is not UTF-8/],
    ['a compressed body', Buffer.from([0x1f, 0x8b, 8, 0, 0]), /the body is compressed; send the header content-encoding: gzip/],
    ['zeros', Buffer.alloc(100), /Unrecognized request format/],
  ])('%s are refused', async (_what, body, error) => {
    const { port } = await serve();
    const answer = await ask(port, PREDICT, { body });
    expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(error)]);
  });

  test('keys that look like object internals are plain keys', async () => {
    const { port } = await serve();
    const answer = await ask(port, PREDICT, { body: '{"__proto__":{"instances":[[1,2,3,4]]},"constructor":1}' });
    expect(answer.status).toBe(400);
    expect((await ask(port, '/v1/models/__proto__')).status).toBe(404);
    expect((await ask(port, '/v2/models/constructor')).status).toBe(404);
    expect(({} as { instances?: unknown }).instances).toBeUndefined();
  });

  test('numbers too large for a double reach the model as infinity, which is its to judge', async () => {
    const { port, model } = await serve();
    await ask(port, PREDICT, { body: '{"instances":[[1e999,2,3,4]]}' });
    expect(model.asked[0]?.rows).toEqual([[Infinity, 2, 3, 4]]);
  });

  test('requests in one packet are answered in order', async () => {
    const { port } = await serve();
    const rows = [1, 2, 3].map((n) => `{"instances":[[${n},0,0,0]]}`);
    const received = await talk(port, rows.map((body) => post(body)).join(''), (text) => text.split('HTTP/1.1 200').length === 4 && text.endsWith('}'));
    expect([...received.matchAll(/"predictions":\[(\d)\]/g)].map(([, n]) => n)).toEqual(['1', '2', '3']);
  });

  test.each([
    ['in the head', `POST ${PREDICT} HTTP/1.1\r\nhost:`],
    ['before the body', `POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n`],
    ['in the body', `POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"instances"`],
    ['in a chunk', `POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"inst`],
  ])('a client that goes away %s does no harm, and the model is not asked', async (_where, bytes) => {
    const { port, model } = await serve();
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes, () => socket.resetAndDestroy()));
      socket.on('close', () => resolve());
    });
    expect(model.asked).toEqual([]);
    await stillServes(port);
  });

  test('a client that goes away while its answer is made does no harm', async () => {
    const leave: { now?: () => void } = {};
    const model = fakeModel({
      answer: (input): OutputTensor => {
        leave.now?.();
        return { name: 'output-0', datatype: 'FP64', shape: [input.rows], data: new Float64Array(input.rows) };
      },
    });
    const { port } = await serve({ model });
    let closed = false;
    const socket = connect(port, '127.0.0.1', () => socket.write(post(GOOD)));
    leave.now = () => socket.resetAndDestroy();
    socket.on('close', () => (closed = true));
    await until('the connection: closed', () => closed && model.asked.length === 1);
    delete leave.now;
    expect((await ask(port, PREDICT, { body: GOOD })).text).toBe('{"predictions":[0.0]}');
  });

  test.each([
    ['garbage', 'GARBAGE\r\n\r\n'],
    ['another HTTP', 'GET / HTTP/9.9\r\n\r\n'],
    // Little more than Node reads of a head: with more the kernel may reset the connection before the answer is read.
    ['a head that is too large', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(17_000)}\r\n\r\n`],
  ])('%s is refused and the connection closed', async (_what, bytes) => {
    const { port } = await serve();
    expect(await talk(port, bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
    await stillServes(port);
  });

  test('a defect in a model is a 500 that says nothing, and one line in the log', async () => {
    const lines: string[] = [];
    const model = fakeModel({
      answer: () => {
        throw new Error('cannot read /mnt/secret at 0x7ffdeadbeef');
      },
    });
    const { port } = await serve({ model, log: { info: () => {}, warn: () => {}, error: (line) => lines.push(line) } });
    const answer = await ask(port, PREDICT, { body: GOOD });
    expect([answer.status, answer.text]).toEqual([500, '{"error":"Internal server error"}']);
    expect(lines).toEqual([expect.stringMatching(/^request failed: Error: cannot read \/mnt\/secret/)]);
  });

  test('the connection goes on after a defect in a model, over HTTP/1.1 and gRPC', async () => {
    const defect = { now: true };
    const model = fakeModel({ answer: () => {
      if (defect.now) throw new Error('a defect');
      return { name: 'output-0', datatype: 'INT64', shape: [1], data: Float64Array.of(10) };
    } });
    const { port } = await serve({ model });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const asked = (): Promise<{ readonly status: number | undefined; readonly reused: boolean }> => new Promise((resolve, reject) => {
      const request = httpRequest({ port, host: '127.0.0.1', path: PREDICT, method: 'POST', agent }, (response) => {
        response.resume().on('end', () => resolve({ status: response.statusCode, reused: request.reusedSocket }));
      }).on('error', reject).end(GOOD);
    });
    const client = connectGrpc(port);
    const INTERNAL = 13;
    expect(await asked()).toEqual({ status: 500, reused: false });
    await expect(askGrpc(client, 'ModelInfer', INFER_MESSAGE)).rejects.toMatchObject({ code: INTERNAL });
    expect(await asked()).toEqual({ status: 500, reused: true });
    defect.now = false;
    expect(await asked()).toEqual({ status: 200, reused: true });
    expect(await askGrpc(client, 'ModelInfer', INFER_MESSAGE)).toMatchObject(ANSWER);
    agent.destroy();
  });

  test('the path of an error stays on the server', async () => {
    const { port } = await serve();
    const answer = await ask(port, PREDICT, { body: '{"instances":[[1]]}' });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('secret');
  });
});
