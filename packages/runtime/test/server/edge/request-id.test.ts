import { ask } from '../../support/http';
import { serve } from '../../support/served';

const PREDICT = '/v1/models/sk:predict';
const BODY = '{"instances":[[1,2,3,4]]}';

test('a request id is echoed on every answer, and made where the client sent none', async () => {
  const { port } = await serve();
  const given = await ask(port, PREDICT, { body: BODY, headers: { 'x-request-id': 'order-7' } });
  expect(given.headers.get('x-request-id')).toBe('order-7');
  const missing = await ask(port, '/v1/models/none', { headers: { 'x-request-id': 'order-8' } });
  expect([missing.status, missing.headers.get('x-request-id')]).toEqual([404, 'order-8']);
  const ids = await Promise.all([1, 2].map(async () => (await ask(port, PREDICT, { body: BODY })).headers.get('x-request-id')));
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(ids).size).toBe(2);
});

test('what would break a log line or a header is taken out of it', async () => {
  const { port } = await serve();
  const answer = await ask(port, PREDICT, { body: BODY, headers: { 'x-request-id': `a b\u00ff${'x'.repeat(500)}` } });
  expect(answer.headers.get('x-request-id')).toBe(`a?b?${'x'.repeat(124)}`);
});
