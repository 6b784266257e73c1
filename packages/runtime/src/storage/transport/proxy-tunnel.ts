import { request as httpRequest } from 'node:http';
import { Agent, type AgentOptions, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import { IsvcError } from 'cdk8s-kserve/api';
import { TransferFailure } from './failure';

/** The proxy that an address is asked through; `undefined` for those that are asked directly. */
export type FindProxy = (url: URL) => URL | undefined;

/** Encrypted connections through a proxy, which sees no more than the names of the hosts. */
export class TunnelAgent extends Agent {
  private readonly proxy: URL;
  private readonly connectMs: number;

  constructor(proxy: URL, connectMs: number, options: AgentOptions) {
    super(options);
    this.proxy = proxy;
    this.connectMs = connectMs;
  }

  override createConnection(options: ConnectionOptions, callback: (error: Error | null, stream: Duplex) => void): undefined {
    const target = new URL(`https://${options.host?.includes(':') ? `[${options.host}]` : options.host}:${options.port ?? 443}`);
    // Its type wants a stream with an error, too, and nobody looks at it.
    const fail = (error: Error): void => callback(error, undefined as unknown as Duplex);
    openTunnel(this.proxy, target, this.connectMs, options).then((socket) => {
      const secure = connect({ ...options, socket });
      secure.once('error', fail);
      secure.once('secureConnect', () => {
        secure.off('error', fail);
        callback(null, secure);
      });
    }, fail);
    return undefined;
  }
}

/** What a proxy wants to see of the user and password in its address. */
export function proxyHeaders({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
}

/** @throws IsvcError ISVC_FETCH_UNREACHABLE where the proxy itself wants a log-in. */
export function assertProxyAccepts(proxy: URL, url: URL, status: number): void {
  if (status !== 407) return;
  throw new IsvcError('ISVC_FETCH_UNREACHABLE', `the proxy ${proxy.host} wants a user and password to lead to ${url.host}`, { hint: 'put them into the address of the proxy, as http://USER:PASSWORD@HOST:PORT' });
}

function openTunnel(proxy: URL, target: URL, connectMs: number, { ca, rejectUnauthorized }: ConnectionOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const name = `${target.hostname}:${target.port || 443}`;
    const headers = { host: name, ...proxyHeaders(proxy) };
    const { hostname, port, protocol } = proxy;
    const secure = protocol === 'https:';
    const options = { method: 'CONNECT', host: hostname.replace(/^\[|\]$/g, ''), port: port || (secure ? 443 : 80), path: name, headers, agent: false as const, timeout: connectMs };
    const request = secure ? httpsRequest({ ...options, ...(ca ? { ca } : {}), rejectUnauthorized: rejectUnauthorized !== false }) : httpRequest(options);
    request.on('timeout', () => request.destroy(new TransferFailure(`the proxy ${proxy.host} leads nowhere within ${connectMs} ms`)));
    request.on('error', reject);
    request.on('connect', ({ statusCode = 0 }, socket) => {
      socket.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(refusal(proxy, target, statusCode));
    });
    request.end();
  });
}

function refusal(proxy: URL, target: URL, status: number): Error {
  if (status >= 500 || status === 429) return new TransferFailure(`the proxy ${proxy.host} does not lead to ${target.host} for now: status ${status}`);
  try {
    assertProxyAccepts(proxy, target, status);
  } catch (error) {
    return error as Error;
  }
  return new IsvcError('ISVC_FETCH_UNREACHABLE', `the proxy ${proxy.host} refuses to lead to ${target.host}, with status ${status}`, { hint: 'allow the host on the proxy, or name it in NO_PROXY' });
}
