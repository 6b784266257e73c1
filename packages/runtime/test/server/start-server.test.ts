import { createServer } from 'node:net';
import { once } from 'node:events';
import { startServer } from '../../src/index';
import { fakeModel } from '../support/fake-model';
import { ask, talk } from '../support/http';
import { serve } from '../support/served';

describe('startServer', () => {
  test('a taken port is an error that names it and the fix', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(startServer({ modelName: 'sk', model: fakeModel(), port })).rejects.toMatchObject({
      code: 'ISVC_SERVER_PORT_IN_USE',
      message: `port ${port} is taken by another process`,
      hint: 'stop that process or choose another --http_port',
    });
    other.close();
  });

  test('an address of another machine is an error that names it', async () => {
    await expect(startServer({ modelName: 'sk', model: fakeModel(), host: '192.0.2.1' })).rejects.toMatchObject({ code: 'ISVC_SERVER_OPTION', message: expect.stringContaining('192.0.2.1') });
  });

  test('latency logging writes one line per request, with a request id that cannot forge another', async () => {
    const lines: string[] = [];
    const { port } = await serve({ latencyLogging: true, log: { info: (line) => lines.push(line), warn: () => {}, error: () => {} } });
    await ask(port, '/v1/models/sk:predict', { body: '{"instances":[[1,2,3,4]]}', headers: { 'x-request-id': 'a\tb' } });
    await ask(port, '/v1/models/sk:predict', { body: '{"instances":[[1,2,3,4]]}' });
    expect(lines).toEqual([
      expect.stringMatching(/^requestId: a\?b, preprocess_ms: \d+\.\d{3}, explain_ms: 0, predict_ms: \d+\.\d{3}, postprocess_ms: \d+\.\d{3}$/),
      expect.stringMatching(/^requestId: [0-9a-f-]{36}, /),
    ]);
  });

  test('while it drains, readiness fails first and requests are still answered on connections that then close', async () => {
    const server = await serve({ drainDelaySeconds: 3, shutdownTimeoutSeconds: 30 });
    const closed = server.close();
    for (const path of ['/v1/models/sk', '/v2/health/ready', '/v2/models/sk/ready']) expect((await ask(server.port, path)).status).toBe(503);
    for (const path of ['/', '/v2/health/live']) expect((await ask(server.port, path)).status).toBe(200);
    const body = '{"instances":[[1,2,3,4]]}';
    const answer = await talk(server.port, `POST /v1/models/sk:predict HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*connection: close\r\n[^]*\{"predictions":\[10\]\}$/i);
    expect(await closed).toBe(0);
    await expect(ask(server.port, '/')).rejects.toThrow();
  });

  test('a connection that never finishes its request is cut when the time is up', async () => {
    const server = await serve({ shutdownTimeoutSeconds: 0.1 });
    const stuck = talk(server.port, 'POST /v1/models/sk:predict HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n');
    await ask(server.port, '/');
    expect(await server.close()).toBe(1);
    expect(await stuck).toMatch(/^(HTTP\/1\.1 100 Continue\r\n\r\n)?$/);
  });

  test('closing twice is closing once', async () => {
    const server = await serve();
    expect(server.close()).toBe(server.close());
    expect(await server.close()).toBe(0);
  });
});
