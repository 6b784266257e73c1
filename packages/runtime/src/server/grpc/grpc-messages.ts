import type { ServerHttp2Stream } from 'node:http2';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FrameReader } from './frame-reader';
import { rejectOnAbort } from './reject-on-abort';

/** How long a call that has begun may take to send its message once the server stops. */
const UNSENT_MS = 5000;

/** The message of a call that has one; it is there when the client has ended its half of the stream. */
export function onlyMessage(stream: ServerHttp2Stream, reader: FrameReader, ending: AbortSignal): Promise<Buffer> {
  const messages: Buffer[] = [];
  const stopping = rejectOnAbort(ending, stoppingError, UNSENT_MS);
  // A client that leaves ends nothing below.
  stream.once('close', stopping.release);
  const read = new Promise<Buffer>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      try {
        messages.push(...reader.push(chunk));
        if (messages.length > 1) reject(new IsvcError('ISVC_INPUT_INVALID', 'the call needs one message, got more'));
      } catch (error) {
        reject(error as Error);
      }
    });
    stream.once('end', () => {
      const [only] = messages;
      if (reader.unfinished) reject(unfinishedError());
      else if (only) resolve(only);
      else reject(new IsvcError('ISVC_INPUT_INVALID', 'the call needs one message, got none'));
    });
  });
  return Promise.race([read, stopping.promise]).finally(stopping.release);
}

/** Ends with the client's half of the stream, and with UNAVAILABLE when the server stops while it waits. */
export async function* messagesOf(stream: ServerHttp2Stream, reader: FrameReader, ending: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const stopping = rejectOnAbort(ending, stoppingError);
  try {
    const chunks = stream.iterator({ destroyOnReturn: false });
    for (;;) {
      const next = (await Promise.race([chunks.next(), stopping.promise])) as IteratorResult<Buffer>;
      if (next.done) break;
      yield* reader.push(next.value);
    }
    if (reader.unfinished) throw unfinishedError();
  } finally {
    stopping.release();
  }
}

function stoppingError(): IsvcError {
  return new IsvcError('ISVC_SERVER_NOT_READY', 'the server is stopping');
}

function unfinishedError(): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', 'the stream ends inside a message');
}
