import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pass } from './played-services';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
}

/** The API server, which listens on loopback, at an address that pods reach, with a kubeconfig for them. */
export async function openApiDoor(kubeconfig: string, address: string): Promise<{ readonly kubeconfig: string; close(): Promise<void> }> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const [first] = config.clusters;
  if (!first) throw new Error(`${kubeconfig} names no cluster`);
  const { hostname, port } = new URL(first.cluster.server);
  const door = await pass(address, 0, () => ({ host: hostname, port: Number(port) }));
  const server = `https://${address}:${door.port}`;
  const folder = await mkdtemp(join(tmpdir(), 'isvc-door-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, JSON.stringify({ ...config, clusters: [{ ...first, cluster: { ...first.cluster, server } }] }), { mode: 0o600 });
  return {
    kubeconfig: file,
    close: async () => {
      door.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
