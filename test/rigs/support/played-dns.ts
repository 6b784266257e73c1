import { createSocket } from 'node:dgram';

const HEADER = 12;
const TYPE_A = 1;
const NO_SUCH_NAME = 3;

/**
 * Answers questions for IPv4 addresses on port 53, as far as programs ask that look for Services.
 *
 * @param lookUp the address behind a name in lower case; undefined for a name that does not exist.
 */
export async function playDns(address: string, lookUp: (name: string) => string | undefined): Promise<{ stop(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { address: caller, port }) => socket.send(answer(query, lookUp), port, caller));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(53, address, resolve);
  });
  return { stop: () => new Promise((resolve) => socket.close(() => resolve())) };
}

/** RFC 1035: header, the one question as it was asked, and the address, whose name is a pointer to that in the question. */
function answer(query: Buffer, lookUp: (name: string) => string | undefined): Buffer {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  const found = lookUp(labels.join('.').toLowerCase());
  const record = found !== undefined && type === TYPE_A ? Buffer.from([0xc0, HEADER, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, ...found.split('.').map(Number)]) : Buffer.alloc(0);
  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  // An answer, with recursion, which was asked for.
  header.writeUInt16BE(0x8180 | (found === undefined ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(record.length > 0 ? 1 : 0, 6);
  return Buffer.concat([header, query.subarray(HEADER, at + 5), record]);
}
