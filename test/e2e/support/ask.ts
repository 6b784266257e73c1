import { request, type Agent } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One request through the gateway, by host name.
 *
 * @param agent keeps its connection. @default - a connection of its own
 */
export function ask(gateway: string, host: string, path: string, body?: unknown, agent?: Agent): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { host, ...(agent ? {} : { connection: 'close' }), ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }) };
    const call = request(new URL(path, gateway), { method: text === undefined ? 'GET' : 'POST', agent: agent ?? false, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(text);
  });
}
