import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { Certificate } from '../tls/self-signed-certificate';

/** The first byte of a TLS handshake; no HTTP method begins with it. */
const TLS_HANDSHAKE = 0x16;

/**
 * One loopback port that speaks plain HTTP and HTTPS, told apart by the first byte of a connection. Our own clients spare
 * themselves TLS within a machine; kubectl sends its token over TLS only.
 */
export class DualListener {
  private readonly http: HttpServer;
  private readonly https: HttpsServer;
  private readonly tcp: Server;
  private readonly sockets = new Set<Socket>();

  constructor(certificate: Certificate, listener: RequestListener) {
    this.http = createHttpServer(listener);
    this.https = createHttpsServer({ key: certificate.privateKey, cert: certificate.certificate }, listener);
    for (const server of [this.http, this.https]) {
      // Watches idle for long; the clients' own timeouts end what is dead.
      server.requestTimeout = 0;
      server.on('clientError', (_error, socket) => {
        if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        else socket.destroy();
      });
    }
    this.https.on('tlsClientError', (_error, socket) => socket.destroy());
    // Without noDelay, which an HTTP server of its own would set, the kernel holds watch events back for 40 ms.
    this.tcp = createTcpServer({ noDelay: true }, (socket) => this.sort(socket));
  }

  /** Rejects with Node's error, for example EADDRINUSE. @returns the port */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.tcp.once('error', reject);
      this.tcp.listen(port, '127.0.0.1', resolve);
    });
    return (this.tcp.address() as AddressInfo).port;
  }

  /** Ends every connection at once. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.tcp.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private sort(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (chunk: Buffer) => {
      socket.pause();
      socket.unshift(chunk);
      (chunk[0] === TLS_HANDSHAKE ? this.https : this.http).emit('connection', socket);
      // The server that took the connection reads from the next turn on.
      process.nextTick(() => socket.resume());
    });
  }
}
