import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { IsvcError } from 'cdk8s-kserve/api';
import { TransferFailure } from '../transport/failure';
import { PacketReader, textOfPacket } from './pkt-line';

const DIGEST_BYTES = 20;

/**
 * The pack out of the answer to a fetch: behind the heading of its section, in bands (1 data, 2 progress, 3 error). Its last 20
 * bytes are the SHA-1 of all before; a wrong one ends the stream with a TransferFailure, so that it is fetched again.
 */
export function packBytes(body: Readable): Readable {
  // Not in object mode: the chunks are bytes, and the reader's pace is the server's.
  return Readable.from(bytesOf(new PacketReader(body)), { objectMode: false });
}

async function* bytesOf(reader: PacketReader): AsyncGenerator<Buffer> {
  try {
    await skipToPack(reader);
    const hash = createHash('sha1');
    let tail: Buffer = Buffer.alloc(0);
    for (;;) {
      const packet = await reader.next();
      if (packet === 'flush') break;
      if (typeof packet === 'string') throw new TransferFailure('the pack ends early');
      const [band, bytes] = [packet[0], packet.subarray(1)];
      if (band === 3) throw new TransferFailure(`the server gives up: ${textOfPacket(bytes).slice(0, 300)}`);
      if (band !== 1) continue;
      const joined = Buffer.concat([tail, bytes]);
      const end = Math.max(0, joined.length - DIGEST_BYTES);
      hash.update(joined.subarray(0, end));
      tail = joined.subarray(end);
      yield bytes;
    }
    if (tail.length !== DIGEST_BYTES || !hash.digest().equals(tail)) throw new TransferFailure('the digest of the pack is another than its last bytes say');
  } finally {
    reader.close();
  }
}

/** Passes over what is said about history. */
async function skipToPack(reader: PacketReader): Promise<void> {
  for (;;) {
    const packet = await reader.next();
    if (packet === 'delimiter') continue;
    if (typeof packet === 'string') throw new TransferFailure('the answer holds no pack');
    const text = textOfPacket(packet);
    if (text === 'packfile') return;
    if (!text.startsWith('ERR ')) continue;
    const isMissing = /not our ref|unadvertised|no such/i.test(text);
    throw new IsvcError(isMissing ? 'ISVC_FETCH_NOT_FOUND' : 'ISVC_FETCH_IO', `git: the server says: ${text.slice(4, 304)}`, { hint: isMissing ? 'check the commit: it must be reachable from a branch or tag' : 'look at the git server' });
  }
}
