import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface FileAnswer {
  /** @default true */
  readonly ranges?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** With quotes. @default - of the content */
  readonly etag?: string;
}

/** Answers a GET or HEAD of a file as stores do: ranges, ETag, If-Match, 416. */
export function answerFile(request: IncomingMessage, response: ServerResponse, content: Buffer, { ranges = true, headers = {}, etag = `"${createHash('md5').update(content).digest('hex')}"` }: FileAnswer = {}): void {
  const common = { etag, 'content-type': 'application/octet-stream', ...headers };
  if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag) return void response.writeHead(412).end();
  const range = ranges ? /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') : null;
  if (!range) return void response.writeHead(200, { ...common, 'content-length': content.length }).end(request.method === 'HEAD' ? undefined : content);
  const [start, end] = [Number(range[1]), Math.min(Number(range[2]), content.length - 1)];
  if (start >= content.length) return void response.writeHead(416).end();
  response.writeHead(206, { ...common, 'content-range': `bytes ${start}-${end}/${content.length}`, 'content-length': end - start + 1 });
  response.end(request.method === 'HEAD' ? undefined : content.subarray(start, end + 1));
}
