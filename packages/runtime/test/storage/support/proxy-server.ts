import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { closedAfterTest, listenWith } from './servers';

export interface ProxyServer {
  readonly origin: string;
  /** What it was asked for, as `GET http://host/path` or `CONNECT host:port`. */
  readonly asked: string[];
}

/** A proxy as companies have it: absolute addresses for http, CONNECT for https, with a log-in where one is given. */
export async function proxyServer(login?: string, refuse?: number): Promise<ProxyServer> {
  const asked: string[] = [];
  const allowed = (header: string | undefined): boolean => login === undefined || header === `Basic ${Buffer.from(login).toString('base64')}`;
  const origin = await listenWith((server) => {
    server.on('request', (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (!allowed(request.headers['proxy-authorization'])) return void response.writeHead(407).end();
      const { 'proxy-authorization': _, ...headers } = request.headers;
      const onward = httpRequest(request.url ?? '', { method: request.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.writeHead(502).end());
      request.pipe(onward);
    });
    server.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      const status = refuse ?? (allowed(request.headers['proxy-authorization']) ? 200 : 407);
      if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(request.url ?? '') ?? [];
      const onward = closedAfterTest(connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n')));
      closedAfterTest(socket);
      onward.on('error', () => socket.destroy()).pipe(socket.on('error', () => onward.destroy())).pipe(onward);
    });
  });
  return { origin, asked };
}
