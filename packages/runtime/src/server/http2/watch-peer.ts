import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** Silence after which a client has to show that it is there. */
const QUIET_MS = 15_000;
/** How long it may take to, and to close its end of a connection that has ended here. */
const ANSWER_MS = 20_000;
/** The same where the server waits for nothing else to stop. */
const HURRIED_ANSWER_MS = 5_000;
/** A ping in bytes: to have sent one is no sign of the client. */
const PING_BYTES = 17;

/** Watches over one connection until it closes. */
export interface PeerWatch {
  /** Asks now whether the client is there. */
  hurry(): void;
}

/**
 * Ends connections without calls, and those whose client is gone.
 *
 * Some errors of a client nghttp2 answers with the end of the session: it writes and reads nothing any more and tells Node
 * nothing, which stops reading and does not see the client leave either. Such a session sends no ping; that, and a peer that
 * has vanished, is what this finds. A ping that waits behind an answer to a slow client is none of that: bytes still move.
 *
 * @param idleMs after which a connection without calls is closed; no other time here is longer.
 */
export function watchPeer(session: ServerHttp2Session, socket: Socket, idleMs: number): PeerWatch {
  let calls = 0;
  let lastCall = performance.now();
  const count = (change: number): void => {
    calls += change;
    lastCall = performance.now();
  };
  session.on('stream', (stream) => {
    count(1);
    stream.once('close', () => count(-1));
  });

  let asked = false;
  let seen = bytesOf(socket);
  let timer: NodeJS.Timeout;
  const lookAfter = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(ms, idleMs));
  };
  const ask = (withinMs: number): void => {
    asked = true;
    session.ping(() => {});
    lookAfter(withinMs);
  };
  const look = (): void => {
    if (session.destroyed) return endHard(session, socket);
    const now = bytesOf(socket);
    const silent = now.read === seen.read && now.written - seen.written <= PING_BYTES;
    seen = now;
    if (silent && asked) {
      endHard(session, socket);
    } else if (calls === 0 && performance.now() - lastCall >= idleMs) {
      session.close();
      lookAfter(ANSWER_MS);
    } else if (silent) {
      ask(ANSWER_MS);
    } else {
      asked = false;
      lookAfter(QUIET_MS);
    }
  };
  lookAfter(QUIET_MS);
  session.once('close', () => clearTimeout(timer));
  return {
    hurry() {
      seen = bytesOf(socket);
      if (session.destroyed) lookAfter(HURRIED_ANSWER_MS);
      else ask(HURRIED_ANSWER_MS);
    },
  };
}

/** Ends a connection that the client need not agree to: the end of a session alone waits for the client to close its half. */
export function endHard(session: ServerHttp2Session, socket: Socket): void {
  session.destroy();
  socket.destroy();
}

function bytesOf(socket: Socket): { readonly read: number; readonly written: number } {
  return { read: socket.bytesRead, written: socket.bytesWritten };
}
