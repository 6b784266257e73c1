import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Container, KubeObject, PodSpec } from 'cdk8s-kserve/api';
import type { ImageEntry } from '../../src/kubelet/images';

/** Runs `node -e <command[0]> ...args`: a container whose program is the test's own script. */
export const SCRIPT_IMAGE: ImageEntry = { repository: 'test/script', exec: [process.execPath, '-e'] };

export function scriptContainer(script: string, fields: Partial<Container> = {}): Container {
  const { args = [], ...rest } = fields;
  return { name: 'main', image: 'test/script:1', args: [script, '--', ...args], ...rest };
}

export function pod(name: string, spec: PodSpec, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', ...metadata }, spec };
}

/** An HTTP server on `--http_port` that answers with its name, and goes on answering while it drains. */
export const HTTP_SERVER = `
const http = require('node:http');
const port = Number((process.argv.find((a) => a.startsWith('--http_port=')) ?? '=8080').split('=')[1]);
const server = http.createServer((req, res) => {
  const chunks = [];
  req.on('data', (c) => chunks.push(c));
  req.on('end', () => {
    const body = JSON.stringify({ name: process.env.NAME, method: req.method, url: req.url, headers: req.headers, body: Buffer.concat(chunks).toString() });
    setTimeout(() => res.end(body), Number(process.env.DELAY ?? 0));
  });
}).listen(port, '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
process.stdin.on('end', () => process.exit(0)).resume();
`;

export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'isvc-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
