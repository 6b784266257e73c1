import { type Socket, connect } from 'node:net';

export interface H2Load {
  readonly port: number;
  readonly path: string;
  /** The body of every request, with gRPC's five bytes before it. */
  readonly body: Buffer;
  /** Requests on their way at once, on one connection. */
  readonly inFlight: number;
  readonly seconds: number;
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const FRAME = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
const END_STREAM = 1;
const END_HEADERS = 4;
const ACK = 1;
const HEAD_BYTES = 9;

/**
 * Calls a unary gRPC method all the time, and counts answers a second. It writes frames of HTTP/2 made beforehand and looks at
 * no more of an answer than where its frames end: Node's HTTP/2 needs several times the processor time that the server does, and
 * gRPC's own library more. Equal requests have equally long answers; an error of gRPC has none, so that both are found.
 */
export function runH2Load({ port, path, body, inFlight, seconds }: H2Load): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const request = Buffer.concat([frame(FRAME.headers, END_HEADERS, headerBlock(path)), frame(FRAME.data, END_STREAM, body)]);
    const dataAt = request.length - body.length - HEAD_BYTES;
    let stream = 1;
    const send = (): void => {
      const copy = Buffer.from(request);
      copy.writeUInt32BE(stream, 5);
      copy.writeUInt32BE(stream, dataAt + 5);
      stream += 2;
      socket.write(copy);
    };
    let started = 0;
    let answered = 0;
    let open = inFlight;
    const answerBytes = new Map<number, number>();
    let expected: number | undefined;
    const onAnswer = (id: number): void => {
      const bytes = answerBytes.get(id) ?? 0;
      expected ??= bytes;
      if (bytes === 0 || bytes !== expected) return void socket.destroy(new Error(`an answer of gRPC has ${bytes} bytes where the first has ${expected}; 0 are an error`));
      answerBytes.delete(id);
      answered++;
      const elapsed = (performance.now() - started) / 1000;
      if (elapsed < seconds) return send();
      if (--open > 0) return;
      socket.removeAllListeners('close').destroy();
      resolve(answered / elapsed);
    };
    const onFrame = (type: number, flags: number, id: number, payload: Buffer): void => {
      if (type === FRAME.data) answerBytes.set(id, (answerBytes.get(id) ?? 0) + payload.length);
      else if (type === FRAME.settings && (flags & ACK) === 0) socket.write(frame(FRAME.settings, ACK));
      else if (type === FRAME.ping && (flags & ACK) === 0) socket.write(frame(FRAME.ping, ACK, payload));
      else if (type === FRAME.reset || type === FRAME.goAway) return void socket.destroy(new Error(`the server ended ${type === FRAME.reset ? 'a call' : 'the connection'}: ${payload.toString('hex')}`));
      if ((type === FRAME.data || type === FRAME.headers) && (flags & END_STREAM) !== 0) onAnswer(id);
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection under load')));
    socket.on('data', frameReader(onFrame));
    socket.on('connect', () => {
      started = performance.now();
      // The largest window, so that answers are never held back.
      const window = Buffer.alloc(4);
      window.writeUInt32BE(2 ** 31 - 1 - 65_535);
      socket.write(Buffer.concat([PREFACE, frame(FRAME.settings, 0), frame(FRAME.windowUpdate, 0, window)]));
      socket.cork();
      for (let i = 0; i < inFlight; i++) send();
      socket.uncork();
    });
  });
}

function frameReader(onFrame: (type: number, flags: number, stream: number, payload: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + HEAD_BYTES <= bytes.length) {
      const end = at + HEAD_BYTES + bytes.readUIntBE(at, 3);
      if (end > bytes.length) break;
      onFrame(bytes[at + 3] as number, bytes[at + 4] as number, bytes.readUInt32BE(at + 5), bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    rest = Buffer.from(bytes.subarray(at));
  };
}

function frame(type: number, flags: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  return Buffer.concat([head, payload]);
}

/** HPACK without its table of earlier headers, so that one block serves every request. */
function headerBlock(path: string): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  const [post, http, pathName, authority, contentType] = [0x83, 0x86, 0x04, 0x01, [0x0f, 0x10]] as const;
  return Buffer.concat([
    Buffer.from([post, http, pathName]), text(path), Buffer.from([authority]), text('localhost'),
    Buffer.from(contentType), text('application/grpc'), Buffer.from([0]), text('te'), text('trailers'),
  ]);
}
