// The reference of the serving benchmarks: the least a JSON service on node:http can do. Argument: port, any free one without.
const { createServer } = require('node:http');

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => process.stderr.write(`listening on port ${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
