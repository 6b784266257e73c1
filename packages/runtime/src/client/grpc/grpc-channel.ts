import { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders, connect, constants } from 'node:http2';
import { messageOf } from 'cdk8s-kserve/api';
import { FrameReader, frame } from '../../server/grpc/frame-reader';
import { CONNECT_FAILURES } from '../http-call';
import { InferenceError } from '../inference-error';
import { inAnswer } from './infer-messages';
import { checkGrpcStatus } from './grpc-status';

export interface GrpcRequest {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly message: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** What the server is told; the caller's `signal` ends the call by itself. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const MAX_ANSWER_BYTES = 2 ** 31 - 1;
const MAX_TIMEOUT_MS = 99_999_999;
const WINDOW_BYTES = 1024 * 1024;

/** One connection to a gRPC server, made when it is needed and made again when it ended. */
export class GrpcChannel {
  private readonly url: URL;
  private readonly ca: string | Buffer | undefined;
  private session: ClientHttp2Session | undefined;
  private calls = 0;

  /** @param url `grpc:` or `grpcs:`. @param ca PEM certificates to trust. */
  constructor(url: URL, ca: string | Buffer | undefined) {
    this.url = url;
    this.ca = ca;
  }

  /**
   * One call with one message each way.
   *
   * @throws InferenceError; whatever aborted `signal` is thrown by the caller.
   */
  async call(request: GrpcRequest): Promise<Buffer> {
    const session = this.open();
    // An idle connection keeps no process alive.
    if (this.calls++ === 0) session.ref();
    try {
      return await this.exchange(session, request);
    } finally {
      if (--this.calls === 0 && !session.destroyed) session.unref();
    }
  }

  close(): void {
    this.session?.close();
    this.session = undefined;
  }

  private open(): ClientHttp2Session {
    if (this.session && !this.session.closed && !this.session.destroyed) return this.session;
    const origin = `${this.url.protocol === 'grpcs:' ? 'https' : 'http'}://${this.url.host}`;
    const session = connect(origin, { settings: { initialWindowSize: WINDOW_BYTES, enablePush: false }, ...(this.ca === undefined ? {} : { ca: this.ca }) });
    // Calls hear of it themselves; after GOAWAY the next call makes a new connection.
    const drop = (): void => {
      if (this.session === session) this.session = undefined;
    };
    session.on('error', drop).on('close', drop).on('goaway', drop);
    return (this.session = session);
  }

  private exchange(session: ClientHttp2Session, { path, message, headers, timeoutMs, signal }: GrpcRequest): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const { host, ...own } = headers;
      const prefix = this.url.pathname.replace(/\/$/, '');
      const stream = session.request({
        ':method': 'POST', ':path': `${prefix}${path}`, ...(host === undefined ? {} : { ':authority': host }), ...own,
        'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': `${Math.min(MAX_TIMEOUT_MS, Math.max(1, Math.ceil(timeoutMs)))}m`,
      }, { signal });
      let reader = new FrameReader(MAX_ANSWER_BYTES, undefined);
      const messages: Buffer[] = [];
      let answered: IncomingHttpHeaders | undefined;
      let trailers: IncomingHttpHeaders = {};
      stream.once('response', (got) => {
        answered = got;
        reader = new FrameReader(MAX_ANSWER_BYTES, typeof got['grpc-encoding'] === 'string' ? got['grpc-encoding'] : undefined);
      });
      stream.once('trailers', (got) => (trailers = got));
      stream.on('data', (chunk: Buffer) => {
        try {
          messages.push(...inAnswer(() => reader.push(chunk)));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(messageOf(error)));
          stream.close(constants.NGHTTP2_CANCEL);
        }
      });
      stream.once('error', (error: NodeJS.ErrnoException) => reject(this.unreachable(error, stream, answered !== undefined)));
      stream.once('close', () => {
        try {
          if (!answered) throw this.unreachable(new Error('the connection ended'), stream, false);
          checkGrpcStatus(answered, trailers);
          if (messages.length !== 1 || !messages[0]) throw new InferenceError('ISVC_CLIENT_BAD_ANSWER', `the answer is not of the protocol: ${messages.length} messages where one is expected`);
          resolve(messages[0]);
        } catch (error) {
          reject(error as Error);
        }
      });
      stream.end(frame(message));
    });
  }

  private unreachable(error: NodeJS.ErrnoException, { rstCode }: ClientHttp2Stream, answered: boolean): InferenceError {
    // The server says itself that it has not looked at the call.
    const refused = rstCode === constants.NGHTTP2_REFUSED_STREAM;
    const safeToRetry = !answered && (refused || CONNECT_FAILURES.includes(error.code ?? ''));
    return new InferenceError('ISVC_CLIENT_UNAVAILABLE', `no answer from ${this.url.host}: ${messageOf(error)}`, { safeToRetry, cause: error, hint: 'check the address and that the service is ready' });
  }
}
