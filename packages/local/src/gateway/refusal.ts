import type { ServerResponse } from 'node:http';

/** Answers a request that the gateway itself cannot serve; the body says why, for whoever pokes at it with curl. */
export function refuse(response: ServerResponse, status: number, body: { readonly error: string; readonly hosts?: readonly string[] }): void {
  if (response.destroyed || response.headersSent) return;
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), server: 'cdk8s-kserve-gateway' });
  response.end(text);
}
