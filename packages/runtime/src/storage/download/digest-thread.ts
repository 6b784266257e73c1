import { closeSync, openSync, readSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import { messageOf } from 'cdk8s-kserve/api';
import { type Digest, digestOf } from './checksum';
import type { FromDigestThread, ToDigestThread } from './digest-messages';

interface Followed {
  readonly file: number;
  readonly digest: Digest;
  position: number;
}

/** The other side of `DigestThread`: reads what has arrived from the disk, where it still is in memory, and takes its digest. */
export function takeDigests(port: MessagePort): void {
  const files = new Map<number, Followed>();
  const chunk = Buffer.allocUnsafe(512 * 1024);
  const forget = (id: number): void => {
    const followed = files.get(id);
    if (followed) closeSync(followed.file);
    files.delete(id);
  };
  const answer = (message: FromDigestThread): void => port.postMessage(message);
  port.on('message', (message: ToDigestThread) => {
    const { type, id } = message;
    try {
      if (type === 'open') files.set(id, { file: openSync(message.path, 'r'), digest: digestOf(message.algorithm), position: 0 });
      else if (type === 'forget') forget(id);
      else {
        const followed = files.get(id);
        if (type === 'advance') {
          // One that is not known has a problem, which has been answered.
          if (followed) readUpTo(followed, message.end, chunk);
        } else if (!followed) answer({ id, problem: 'the thread that takes digests was started again' });
        else {
          answer({ id, hex: followed.digest.hex() });
          forget(id);
        }
      }
    } catch (error) {
      forget(id);
      answer({ id, problem: messageOf(error) });
    }
  });
}

function readUpTo(followed: Followed, end: number, chunk: Buffer): void {
  while (followed.position < end) {
    const read = readSync(followed.file, chunk, 0, Math.min(chunk.length, end - followed.position), followed.position);
    if (read === 0) throw new Error(`the file ends at ${followed.position}, before ${end}`);
    followed.digest.update(chunk.subarray(0, read));
    followed.position += read;
  }
}
