import { type Socket, connect } from 'node:net';

export interface Load {
  readonly port: number;
  /** A whole HTTP/1.1 request, sent again and again. */
  readonly request: Buffer;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Bytes of an HTTP POST with a JSON body, as a keep-alive client sends it. */
export function jsonPost(path: string, body: string): Buffer {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/**
 * Keeps every connection busy with one request at a time. It works on raw sockets, so that one core of it can saturate
 * a server on another: after the first answer it only counts bytes, since equal requests have equally long answers.
 */
export async function runLoad({ port, request, connections, seconds }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const start = performance.now();
  const deadline = start + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, () => driveConnection(port, request, deadline, latencies)));
  const elapsed = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { requests: latencies.length, perSecond: latencies.length / elapsed, p50: at(0.5), p99: at(0.99) };
}

function driveConnection(port: number, request: Buffer, deadline: number, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let expected = 0;
    let received = 0;
    let sentAt = 0;
    let head = '';
    const send = (): void => {
      received = 0;
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection under load')));
    socket.on('data', (chunk) => {
      if (received === 0 && chunk.toString('latin1', 0, 12) !== 'HTTP/1.1 200') return void socket.destroy(new Error(`bad answer: ${chunk.toString('latin1', 0, 80)}`));
      received += chunk.length;
      if (expected === 0) {
        head += chunk.toString('latin1');
        expected = answerLength(head);
      }
      if (expected === 0 || received < expected) return;
      if (received > expected) return void socket.destroy(new Error('an answer was longer than the first one'));
      const now = performance.now();
      latencies.push(now - sentAt);
      if (now < deadline) return send();
      socket.removeAllListeners('close').destroy();
      resolve();
    });
  });
}

/** @returns bytes of the whole answer, 0 while its head is not complete. */
function answerLength(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, end + 2))?.[1];
  return end < 0 || length === undefined ? 0 : end + 4 + Number(length);
}
