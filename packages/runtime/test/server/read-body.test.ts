import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { readBody } from '../../src/server/read-body';

/** A request whose bytes the test sends. */
function requestOf(headers: Readonly<Record<string, string>>, limit = 100): { readonly stream: PassThrough; readonly bodies: (string | undefined)[] } {
  const stream = new PassThrough();
  const bodies: (string | undefined)[] = [];
  readBody(Object.assign(stream, { headers }) as unknown as IncomingMessage, limit, (body) => bodies.push(body?.toString()));
  return { stream, bodies };
}

async function send(stream: PassThrough, text: string): Promise<void> {
  const arrived = once(stream, 'data');
  stream.write(text);
  await arrived;
}

async function end(stream: PassThrough): Promise<void> {
  const ended = once(stream.resume(), 'end');
  stream.end();
  await ended;
}

test('a body is there with its last byte, before the end of the request', async () => {
  const { stream, bodies } = requestOf({ 'content-length': '6' });
  await send(stream, 'abc');
  expect(bodies).toEqual([]);
  await send(stream, 'def');
  expect(bodies).toEqual(['abcdef']);
  await end(stream);
  expect(bodies).toEqual(['abcdef']);
});

test.each([[{}], [{ 'content-length': '7' }]])('with the headers %j it is there with the end of the request', async (headers) => {
  const { stream, bodies } = requestOf(headers);
  await send(stream, 'abc');
  await send(stream, 'def');
  expect(bodies).toEqual([]);
  await end(stream);
  expect(bodies).toEqual(['abcdef']);
});

test('an empty body is there with the end of the request', async () => {
  const { stream, bodies } = requestOf({ 'content-length': '0' });
  await end(stream);
  expect(bodies).toEqual(['']);
});

test('a body past the limit is told once, while it still arrives', async () => {
  const { stream, bodies } = requestOf({ 'content-length': '9' }, 5);
  await send(stream, 'abc');
  await send(stream, 'def');
  expect(bodies).toEqual([undefined]);
  await send(stream, 'ghi');
  await end(stream);
  expect(bodies).toEqual([undefined]);
});
