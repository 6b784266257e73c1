// CommonJS, so that the scripts that Node runs as they are and the tests that jest transforms can both have it.
'use strict';
const { createServer } = require('node:net');

/**
 * Ports that are free now, each another. None of the range that systems take client ports from: until a program listens,
 * any connection of this busy machine might get it.
 */
async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (!ports.has(port) && (await portIsFree(port))) ports.add(port);
  }
  return [...ports];
}

async function freePort() {
  const [port] = await freePorts(1);
  return port;
}

/** Whether a program could listen there on all addresses. */
function portIsFree(port) {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

module.exports = { freePort, freePorts, portIsFree };
