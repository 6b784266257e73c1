import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Http2ServerRequest, Http2ServerResponse, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream, constants, createServer } from 'node:http2';
import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { type PeerWatch, endHard, watchPeer } from './watch-peer';

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
  const connections = new Map<ServerHttp2Session, { readonly socket: Socket; readonly peer: PeerWatch }>();
  const server = createServer({ settings: { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: MAX_STREAMS }, maxSessionInvalidFrames: MAX_INVALID_FRAMES });
  const add = (session: ServerHttp2Session, socket: Socket): void => {
    const peer = watchPeer(session, socket, idleMs);
    connections.set(session, { socket, peer });
    session.on('error', () => {}).once('close', () => connections.delete(session));
    limitResets(session);
    if (ending.signal.aborted) end(session, peer);
  };
  server.on('stream', (stream, headers) => {
    if (isGrpc(headers)) grpc(stream, headers, ending.signal);
    // Node's own compatibility layer, made here because its event would come for gRPC's streams, too.
    else rest(new Http2ServerRequest(stream, headers, {}, []) as unknown as IncomingMessage, new Http2ServerResponse(stream) as unknown as ServerResponse<IncomingMessage> & { req: IncomingMessage });
  });
  return {
    accept(socket) {
      // A client of HTTP/2 that has sent its last byte is gone.
      socket.allowHalfOpen = false;
      server.once('session', (session) => add(session, socket)).emit('connection', socket);
    },
    drain() {
      ending.abort();
      for (const [session, { peer }] of connections) end(session, peer);
    },
    cut() {
      for (const [session, { socket }] of connections) endHard(session, socket);
    },
  };
}

/** After its last call; a client that is no longer there does not keep the server. */
function end(session: ServerHttp2Session, peer: PeerWatch): void {
  session.close();
  peer.hurry();
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
