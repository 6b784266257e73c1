import { connect } from 'node:net';
import { Hang } from './fuzzer';

const CLOSE_MS = 30_000;

/**
 * Sends bytes and the end of them, or a reset.
 *
 * @returns everything that came until the connection closed, whoever closed it.
 * @throws Hang where the server does not let the connection go.
 */
export function throwAt(port: number, bytes: Buffer, cutEarly: boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const received: Buffer[] = [];
    socket.setTimeout(CLOSE_MS, () => {
      socket.destroy();
      reject(new Hang(`the connection hangs after ${bytes.toString('hex').slice(0, 800)}`));
    });
    socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => {}).on('close', () => resolve(Buffer.concat(received)));
    socket.write(bytes, () => (cutEarly ? socket.resetAndDestroy() : socket.end()));
  });
}
