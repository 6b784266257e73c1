import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Http2ServerRequest, Http2ServerResponse, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream, constants, createServer } from 'node:http2';
import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';

/** HTTP/2 of a server: gRPC, and everything else as over HTTP/1. It has no port of its own. */
export interface Http2Side {
  /** Takes a connection of which nothing has been read, plain or TLS. */
  accept(socket: Socket): void;
  /** Refuses new calls and ends connections as their calls end. */
  drain(): void;
  /** Ends the connections that are still busy. */
  cut(): void;
}

export interface Http2Listeners {
  readonly grpc: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ending: AbortSignal) => void;
  readonly rest: RequestListener;
}

/** One megabyte a stream: with HTTP/2's 64 KiB a large tensor waits for the network many times. */
const WINDOW_BYTES = 1024 * 1024;
/** How long a client may take to answer a ping. */
const ANSWER_MS = 20_000;
/** Calls of one connection at once; clients wait with more, or open another. */
const MAX_STREAMS = 1000;

/** Streams that a client may reset at once, and each second from then on; one with short deadlines resets many. */
const RESETS = { burst: 1000, perSecond: 200 } as const;
/** Frames against the protocol after which a client is sent away. */
const MAX_INVALID_FRAMES = 100;

/** @param idleMs after which a connection without calls is closed, and one with calls has to show that somebody is there. */
export function createHttp2({ grpc, rest }: Http2Listeners, idleMs: number): Http2Side {
  const ending = new AbortController();
  // Every call that waits for its client listens to it.
  setMaxListeners(0, ending.signal);
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({ settings: { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: MAX_STREAMS }, maxSessionInvalidFrames: MAX_INVALID_FRAMES });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {}).once('close', () => sessions.delete(session));
    watchIdle(session, idleMs);
    limitResets(session);
    if (ending.signal.aborted) session.close();
  });
  server.on('stream', (stream, headers) => {
    if (isGrpc(headers)) grpc(stream, headers, ending.signal);
    // Node's own compatibility layer, made here because its event would come for gRPC's streams, too.
    else rest(new Http2ServerRequest(stream, headers, {}, []) as unknown as IncomingMessage, new Http2ServerResponse(stream) as unknown as ServerResponse<IncomingMessage> & { req: IncomingMessage });
  });
  return {
    accept(socket) {
      // A client of HTTP/2 that has sent its last byte is gone.
      socket.allowHalfOpen = false;
      server.emit('connection', socket);
    },
    drain() {
      ending.abort();
      for (const session of sessions) session.close();
    },
    cut() {
      for (const session of sessions) session.destroy();
    },
  };
}

/** Node itself does not notice the end of some connections whose headers were broken. */
function watchIdle(session: ServerHttp2Session, idleMs: number): void {
  let calls = 0;
  session.on('stream', (stream) => {
    calls++;
    stream.once('close', () => calls--);
  });
  session.setTimeout(idleMs, () => {
    if (session.destroyed) return;
    const cut = setTimeout(() => session.destroy(), Math.min(idleMs, ANSWER_MS));
    session.once('close', () => clearTimeout(cut));
    session.ping(() => clearTimeout(cut));
    if (calls === 0) session.close();
  });
}

/** Rapid reset (CVE-2023-44487): each call that is opened and reset costs the server work and the client nothing. */
function limitResets(session: ServerHttp2Session): void {
  let left: number = RESETS.burst;
  let counted = performance.now();
  let ending = false;
  session.on('stream', (stream) => stream.once('close', () => {
    if (stream.rstCode === constants.NGHTTP2_NO_ERROR) return;
    const now = performance.now();
    left = Math.min(RESETS.burst, left + ((now - counted) / 1000) * RESETS.perSecond) - 1;
    counted = now;
    if (left >= 0 || ending) return;
    ending = true;
    // Not at once: Node is in the middle of the frames that it has read, and would abort (an assertion of CheckAllocatedSize).
    setImmediate(() => session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM));
  }));
}

/** `application/grpc`, with a suffix for the encoding of its messages. */
function isGrpc(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/grpc') ?? false;
}
