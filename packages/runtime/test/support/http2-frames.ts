import { connect } from 'node:net';
import { frame as message } from '../../src/server/grpc/frame-reader';

/** Kinds of frames, by their numbers in RFC 9113. */
export const FRAME = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, pushPromise: 5, ping: 6, goaway: 7, windowUpdate: 8, continuation: 9 } as const;
export const END_STREAM = 1;
export const END_HEADERS = 4;
const ACK = 1;
const HEAD_BYTES = 9;
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function http2Frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A settings frame of pairs of identifier and value. */
export function settings(...pairs: readonly (readonly [number, number])[]): Buffer {
  return http2Frame(FRAME.settings, 0, 0, Buffer.concat(pairs.map(([id, value]) => {
    const pair = Buffer.alloc(6);
    pair.writeUInt16BE(id, 0);
    pair.writeUInt32BE(value, 2);
    return pair;
  })));
}

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Headers as HPACK literals without a place in the table. */
export function headerBlock(pairs: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(pairs.flatMap(([name, value]) => [Buffer.of(0), hpackText(name), hpackText(value)]));
}

/** A text as HPACK has it: a length of seven bits and more where that is not enough, then its bytes. */
export function hpackText(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const length = [Math.min(bytes.length, 0x7f)];
  if (bytes.length >= 0x7f) {
    let rest = bytes.length - 0x7f;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) length.push((rest % 0x80) + 0x80);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

export const callHeaders = (path: string): readonly (readonly [string, string])[] => [
  [':method', 'POST'], [':scheme', 'http'], [':path', path], [':authority', 'x'], ['content-type', 'application/grpc'], ['te', 'trailers'],
];

/** The frames of a whole call. */
export function callFrames(stream: number, path: string, body: Buffer): Buffer {
  return Buffer.concat([http2Frame(FRAME.headers, END_HEADERS, stream, headerBlock(callHeaders(path))), http2Frame(FRAME.data, END_STREAM, stream, message(body))]);
}

export interface Http2Frame { readonly type: number; readonly flags: number; readonly stream: number; readonly payload: Buffer }

/** The whole frames that bytes begin with. */
export function framesOf(bytes: Buffer): Http2Frame[] {
  const frames: Http2Frame[] = [];
  for (let at = 0; bytes.length - at >= HEAD_BYTES && bytes.length - at >= HEAD_BYTES + bytes.readUIntBE(at, 3);) {
    const end = at + HEAD_BYTES + bytes.readUIntBE(at, 3);
    frames.push({ type: bytes[at + 3] as number, flags: bytes[at + 4] as number, stream: bytes.readUInt32BE(at + 5), payload: bytes.subarray(at + HEAD_BYTES, end) });
    at = end;
  }
  return frames;
}

export interface RawConnection {
  send(bytes: Buffer): void;
  /** Whether a message comes on the stream before the connection ends; `false` also after a while without one. */
  answers(stream: number): Promise<boolean>;
  /** Whether the server has ended it; its own end it leaves open. */
  readonly closed: boolean;
  /** Whether the server has said that it ends it. */
  readonly told: boolean;
  end(): void;
}

/** A connection that has said who it is, and acknowledges the settings and pings it gets as a client has to. */
export function openHttp2(port: number, first: Buffer = settings()): RawConnection {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let rest: Buffer = Buffer.alloc(0);
  const answered = new Set<number>();
  const waiting = new Set<() => void>();
  const state = { closed: false, told: false };
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (const { type, flags, stream, payload } of framesOf(rest)) {
      if (type === FRAME.settings && flags === 0) socket.write(http2Frame(FRAME.settings, ACK, 0));
      if (type === FRAME.ping && flags === 0) socket.write(http2Frame(FRAME.ping, ACK, 0, payload));
      if (type === FRAME.goaway) state.told = true;
      if (type === FRAME.data && payload.length > 0) answered.add(stream);
      rest = rest.subarray(HEAD_BYTES + payload.length);
    }
    waiting.forEach((look) => look());
  });
  const closed = (): void => {
    state.closed = true;
    waiting.forEach((look) => look());
  };
  socket.on('error', () => {}).on('end', closed).on('close', closed);
  socket.write(Buffer.concat([PREFACE, first]));
  return {
    send: (bytes) => void (state.closed || socket.write(bytes)),
    answers: (stream) => new Promise((resolve) => {
      const done = (yes: boolean): void => {
        clearTimeout(timer);
        waiting.delete(look);
        resolve(yes);
      };
      const look = (): void => {
        if (answered.has(stream)) done(true);
        else if (state.closed) done(false);
      };
      const timer = setTimeout(() => done(false), 60_000);
      waiting.add(look);
      look();
    }),
    get closed() {
      return state.closed;
    },
    get told() {
      return state.told;
    },
    end: () => void socket.destroy(),
  };
}
