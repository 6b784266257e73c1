import { connect } from 'node:net';
import { serveProcess } from '../support/runtime-process';
import { until } from '../../../../test/support/until';

const BODY = '{"instances":[[6.8,2.8,4.8,1.4]]}';
const REQUEST = `POST /v1/models/sk:predict HTTP/1.1\r\nhost: x\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

interface Tally {
  answered: number;
  /** Requests that were written and never answered in full. */
  lost: number;
  closedByServer: number;
}

/** A keep-alive client that sends one request after the other until the server tells it to close. */
function drive(port: number, tally: Tally): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let waiting = false;
    let received = '';
    const send = (): void => {
      waiting = true;
      received = '';
      socket.write(REQUEST);
    };
    socket.setEncoding('latin1');
    socket.on('connect', send);
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (!received.endsWith('{"predictions":[1]}')) return;
      waiting = false;
      tally.answered++;
      if (/connection: close/i.test(received)) tally.closedByServer++;
      else send();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (waiting) tally.lost++;
      resolve();
    });
  });
}

test('SIGTERM under load loses no request: what was sent is answered, then the process ends with 0', async () => {
  const runtime = await serveProcess();
  const tally: Tally = { answered: 0, lost: 0, closedByServer: 0 };
  const clients = Promise.all(Array.from({ length: 16 }, () => drive(runtime.port, tally)));
  await until('500 answers', () => tally.answered >= 500);
  runtime.child.kill('SIGTERM');
  await clients;
  expect(await runtime.exit).toBe(0);
  expect(tally).toMatchObject({ lost: 0, closedByServer: 16 });
});

test('a request that is half sent at SIGTERM is still answered', async () => {
  const runtime = await serveProcess();
  const socket = connect(runtime.port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
  socket.write(REQUEST.slice(0, -10));
  // The server has the first half once it answers on another connection that came later.
  const other: Tally = { answered: 0, lost: 0, closedByServer: 0 };
  const client = drive(runtime.port, other);
  await until('an answer', () => other.answered > 0);
  runtime.child.kill('SIGTERM');
  await client;
  socket.write(REQUEST.slice(-10));
  await until('the answer', () => received.endsWith('{"predictions":[1]}'));
  expect(received).toMatch(/connection: close/i);
  expect(await runtime.exit).toBe(0);
});
