import { connect } from 'node:net';
import { fakeModel } from '../../support/fake-model';
import { ask } from '../../support/http';
import { serve } from '../../support/served';
import { until } from '../../../../../test/support/until';

const BODY = '{"instances":[[1,2,3,4]]}';

function recorder(): { readonly lines: string[]; readonly accessLog: (line: string) => void } {
  const lines: string[] = [];
  return { lines, accessLog: (line) => lines.push(line) };
}

test('one JSON line a request, without the query', async () => {
  const { lines, accessLog } = recorder();
  const { port } = await serve({ accessLog });
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await ask(port, '/v1/models/sk:predict?key=secret', { body: BODY, headers: { 'x-request-id': 'r1', traceparent, 'user-agent': 'test\u00ff' } });
  await until('two lines', () => lines.length === 1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    request_id: 'r1',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    method: 'POST',
    path: '/v1/models/sk:predict',
    status: 200,
    duration_ms: expect.any(Number),
    remote: expect.stringMatching(/127\.0\.0\.1$/),
    user_agent: expect.stringMatching(/^test/),
  });
  expect(lines[0]).not.toContain('\n');
});

test('a client that leaves before its answer is 499', async () => {
  const { lines, accessLog } = recorder();
  const { port } = await serve({ accessLog, model: fakeModel() });
  const socket = connect(port, '127.0.0.1', () => socket.write('POST /v1/models/sk:predict HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{'));
  socket.on('error', () => {});
  socket.setTimeout(50, () => socket.destroy());
  await until('a line', () => lines.length === 1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 499 });
});
