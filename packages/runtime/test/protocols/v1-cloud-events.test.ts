import { ask } from '../support/http';
import { serve } from '../support/served';

const PREDICT = '/v1/models/sk:predict';
const DATA = { instances: [[1, 2, 3, 4]] };
const ATTRIBUTES = { specversion: '1.0', id: '42', source: '/tests', type: 'org.example.rows' };
const BINARY = { 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': '42', 'ce-source': '/tests', 'ce-type': 'org.example.rows', 'ce-team': 'fraud' };
const STRUCTURED = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };

test('an event in headers is answered with an event in headers', async () => {
  const { port } = await serve();
  const answer = await ask(port, PREDICT, { body: JSON.stringify(DATA), headers: BINARY });
  expect([answer.status, answer.text]).toEqual([200, '{"predictions":[10]}']);
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('ce-') || name === 'content-type'));
  expect(headers).toEqual({
    'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-type': 'io.kserve.inference.response', 'ce-source': 'io.kserve.inference.sk',
    'ce-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown, 'ce-time': expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown,
  });
  expect(headers['ce-id']).not.toBe('42');
});

test('a structured event is answered with a structured event', async () => {
  const { port } = await serve();
  const answer = await ask(port, PREDICT, { body: JSON.stringify({ ...ATTRIBUTES, data: DATA }), headers: STRUCTURED });
  expect(answer.headers.get('content-type')).toBe('application/cloudevents+json');
  expect(answer.json()).toEqual({
    specversion: '1.0', id: expect.any(String) as unknown, source: 'io.kserve.inference.sk', type: 'io.kserve.inference.response', time: expect.any(String) as unknown,
    datacontenttype: 'application/json', data: { predictions: [10] },
  });
});

test('data as JSON text is read, and the content type in any case', async () => {
  const { port } = await serve();
  const answer = await ask(port, PREDICT, { body: JSON.stringify({ ...ATTRIBUTES, data: JSON.stringify(DATA) }), headers: { 'content-type': 'Application/CloudEvents+JSON' } });
  expect(answer.json()).toMatchObject({ data: { predictions: [10] } });
});

test('data in base 64 is read', async () => {
  const { port } = await serve();
  const body = JSON.stringify({ ...ATTRIBUTES, data_base64: Buffer.from(JSON.stringify(DATA)).toString('base64') });
  expect((await ask(port, PREDICT, { body, headers: STRUCTURED })).json()).toMatchObject({ data: { predictions: [10] } });
});

test('an object that looks like an event is answered plainly', async () => {
  const { port } = await serve();
  const body = JSON.stringify({ ...ATTRIBUTES, time: '2026-01-01T00:00:00Z', data: DATA });
  const answer = await ask(port, PREDICT, { body, headers: { 'content-type': 'application/json' } });
  expect([answer.text, answer.headers.get('ce-id')]).toEqual(['{"predictions":[10]}', null]);
});

test('type, source and kept attributes are the options of the server', async () => {
  const { port } = await serve({ events: { type: 'org.example.answer', source: '/models', merge: true } });
  const answer = await ask(port, PREDICT, { body: JSON.stringify(DATA), headers: BINARY });
  expect([answer.headers.get('ce-type'), answer.headers.get('ce-source'), answer.headers.get('ce-team')]).toEqual(['org.example.answer', '/models', 'fraud']);
  expect(answer.headers.get('ce-id')).not.toBe('42');
});

test.each<[string, string, Readonly<Record<string, string>>, string]>([
  ['an attribute is missing', JSON.stringify(DATA), { 'ce-specversion': '1.0', 'ce-id': '42' }, 'Cloud Event Exceptions: the event has no source, type'],
  ['another version', JSON.stringify({ ...ATTRIBUTES, specversion: '9', data: DATA }), STRUCTURED, 'Cloud Event Exceptions: specversion is "9"; known are 1.0 and 0.3'],
  ['no version', JSON.stringify({ id: '1', source: 's', type: 't', data: DATA }), STRUCTURED, 'Cloud Event Exceptions: the event has no specversion'],
  ['no object', '[1]', STRUCTURED, 'Cloud Event Exceptions: a structured event is a JSON object'],
  ['no data', JSON.stringify(ATTRIBUTES), STRUCTURED, 'Expected the request body to be a JSON object with "instances"'],
  ['bytes', 'Obj\u0001\u0004', { ...BINARY, 'content-type': 'application/avro' }, 'Cloud Event Exceptions: the data is "application/avro", and models take JSON such as {"instances": [[1, 2]]}'],
  ['bytes in base64', JSON.stringify({ ...ATTRIBUTES, datacontenttype: 'application/octet-stream', data_base64: 'AAEC' }), STRUCTURED, 'Cloud Event Exceptions: the data is "application/octet-stream", and models take JSON such as {"instances": [[1, 2]]}'],
  ['text', JSON.stringify({ ...ATTRIBUTES, datacontenttype: 'text/csv; charset=utf-8', data: '1,2\n' }), STRUCTURED, 'Cloud Event Exceptions: the data is "text/csv; charset=utf-8", and models take JSON such as {"instances": [[1, 2]]}'],
  ['base64 that is none', JSON.stringify({ ...ATTRIBUTES, data_base64: 'a-_' }), STRUCTURED, 'Cloud Event Exceptions: data_base64 is not base64'],
  ['data twice', JSON.stringify({ ...ATTRIBUTES, data: DATA, data_base64: 'AAEC' }), STRUCTURED, 'Cloud Event Exceptions: the event has both data and data_base64'],
  ['broken JSON', '{"instances":', BINARY, 'Unrecognized request format: Unexpected end of JSON input'],
])('%s: 400', async (_what, body, headers, error) => {
  const { port } = await serve();
  const answer = await ask(port, PREDICT, { body, headers });
  expect([answer.status, answer.json()]).toEqual([400, { error }]);
});
