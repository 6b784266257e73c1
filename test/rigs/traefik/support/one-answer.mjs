// A transformer or router that knows one answer, and goes on giving it for a while when told to stop.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const DRAIN_MS = 5000;
const { values } = parseArgs({ options: { http_port: { type: 'string' } }, strict: false });
const server = createServer((request, response) => {
  request.resume().once('end', () => response.setHeader('content-type', 'application/json').end('{"predictions":["one answer"]}'));
}).listen(Number(values.http_port));
process.once('SIGTERM', () => setTimeout(() => server.close(() => process.exit(0)), DRAIN_MS));
