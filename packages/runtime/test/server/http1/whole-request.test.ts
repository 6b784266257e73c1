import { createServer } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { readWholeRequest } from '../../../src/server/http1/whole-request';
import { FUZZ_SEED, mutate, seededCase } from '../../support/fuzz';
import { throwAt } from '../../fuzz/throw-at';

const SOCKET = {} as Socket;
const LIMIT = 100;
const read = (text: string): ReturnType<typeof readWholeRequest> => readWholeRequest(Buffer.from(text, 'latin1'), SOCKET, LIMIT);
const post = (fields: string, line = 'POST /v1/models/sk:predict HTTP/1.1'): string => `${line}\r\n${fields}\r\n\r\nbody`;
const PLAIN = 'Host: x\r\nContent-Length: 4';

test('a plain request is read, with the names of its headers in lower case', () => {
  expect(read(post('Host: sk.default:80\r\nContent-Type:application/json; charset=utf-8\r\nConnection: Keep-Alive\r\nX-Request-Id: a "b"\r\ncontent-length: 4'))).toEqual({
    method: 'POST', url: '/v1/models/sk:predict', httpVersionMajor: 1, socket: SOCKET, body: Buffer.from('body'),
    headers: { host: 'sk.default:80', 'content-type': 'application/json; charset=utf-8', connection: 'Keep-Alive', 'x-request-id': 'a "b"', 'content-length': '4' },
  });
  expect(read('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n')?.body).toEqual(Buffer.alloc(0));
});

test.each([
  ['another method', post(PLAIN, 'GET / HTTP/1.1')],
  ['a method in lower case', post(PLAIN, 'post / HTTP/1.1')],
  ['another version', post(PLAIN, 'POST / HTTP/1.0')],
  ['a query', post(PLAIN, 'POST /a?b HTTP/1.1')],
  ['a fragment', post(PLAIN, 'POST /a#b HTTP/1.1')],
  ['an escape in the path', post(PLAIN, 'POST /%41 HTTP/1.1')],
  ['the absolute form', post(PLAIN, 'POST http://x/ HTTP/1.1')],
  ['the asterisk', post(PLAIN, 'POST * HTTP/1.1')],
  ['two spaces in the line', post(PLAIN, 'POST  / HTTP/1.1')],
  ['a space behind the line', post(PLAIN, 'POST / HTTP/1.1 ')],
  ['an empty line before', `\r\n${post(PLAIN)}`],
  ['no host', post('Content-Length: 4')],
  ['two hosts', post(`Host: y\r\n${PLAIN}`)],
  ['no length', post('Host: x')],
  ['two lengths', post(`${PLAIN}\r\nContent-Length: 4`)],
  ['a list of lengths', post('Host: x\r\nContent-Length: 4, 4')],
  ['a length with a sign', post('Host: x\r\nContent-Length: +4')],
  ['a length in hexadecimal', post('Host: x\r\nContent-Length: 0x4')],
  ['a length with a zero before', post('Host: x\r\nContent-Length: 04')],
  ['a shorter length, another request', post('Host: x\r\nContent-Length: 3')],
  ['a longer length, a part of a request', post('Host: x\r\nContent-Length: 5')],
  ['a length over the limit', `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n${'b'.repeat(101)}`],
  ['a transfer coding', post(`${PLAIN}\r\nTransfer-Encoding: chunked`)],
  ['an expectation', post(`${PLAIN}\r\nExpect: 100-continue`)],
  ['an upgrade', post(`${PLAIN}\r\nUpgrade: h2c`)],
  ['settings of HTTP/2', post(`${PLAIN}\r\nHTTP2-Settings: AAMAAABk`)],
  ['the last of its connection', post(`${PLAIN}\r\nConnection: close`)],
  ['more options of the connection', post(`${PLAIN}\r\nConnection: keep-alive, te`)],
  ['a proxy\'s connection', post(`${PLAIN}\r\nProxy-Connection: close`)],
  ['trailers', post(`${PLAIN}\r\nTrailer: x`)],
  ['a header twice', post(`${PLAIN}\r\nX-A: 1\r\nx-a: 2`)],
  ['a header that Node makes a list', post(`${PLAIN}\r\nSet-Cookie: 1`)],
  ['a name that objects have', post(`${PLAIN}\r\nconstructor: 1`)],
  ['a folded header', post(`${PLAIN}\r\nX-A: 1\r\n 2`)],
  ['a space before the colon', post(`${PLAIN}\r\nX-A : 1`)],
  ['two spaces behind the colon', post(`${PLAIN}\r\nX-A:  1`)],
  ['a space behind the value', post(`${PLAIN}\r\nX-A: 1 `)],
  ['a tab', post(`${PLAIN}\r\nX-A:\t1`)],
  ['an empty value', post(`${PLAIN}\r\nX-A:`)],
  ['an empty name', post(`${PLAIN}\r\n: 1`)],
  ['an underscore in a name', post(`${PLAIN}\r\nContent_Length: 5`)],
  ['a zero in a value', post(`${PLAIN}\r\nX-A: a\0b`)],
  ['a byte above ASCII in a value', post(`${PLAIN}\r\nX-A: \xe9`)],
  ['a line end without CR', post(`${PLAIN}\nX-A: 1`)],
  ['a line end without LF', post(`${PLAIN}\rX-A: 1`)],
  ['no end of the head', `POST / HTTP/1.1\r\n${PLAIN}\r\n`],
  ['a large head', post(`${PLAIN}\r\nX-A: ${'a'.repeat(4096)}`)],
])('%s is left to Node', (_what, bytes) => {
  expect(read(bytes)).toBeUndefined();
});

test('what is read, Node reads in the same way', async () => {
  const echo = createServer((request, response) => {
    void buffer(request).then((body) => response.end(JSON.stringify([request.method, request.url, request.headers, body.toString('hex')])));
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  try {
    const seed = Buffer.from(post('Host: x\r\nContent-Type: application/json\r\nX-Request-Id: 1-2\r\nUser-Agent: Go-http-client/1.1\r\nConnection: keep-alive\r\nContent-Length: 4'));
    let compared = 0;
    for (let number = 0; number < 6000; number++) {
      const bytes = mutate(seed, seededCase(FUZZ_SEED, 'whole-request', number));
      const request = readWholeRequest(bytes, SOCKET, LIMIT);
      if (!request) continue;
      compared++;
      const answer = (await throwAt((echo.address() as AddressInfo).port, bytes, false)).toString('latin1');
      const { method, url, headers, body } = request;
      expect([bytes.toString('latin1'), answer]).toEqual([bytes.toString('latin1'), expect.stringContaining(JSON.stringify([method, url, headers, body.toString('hex')]))]);
    }
    expect(compared).toBeGreaterThan(300);
  } finally {
    echo.closeAllConnections();
    echo.close();
  }
});
