import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../scripts/support/free-ports.cjs';
import { until } from '../../../support/until';
import { startProgram } from '../../support/program';
import { listen } from './listen';

/** As Prometheus discovers targets over HTTP. */
export interface TargetGroup {
  /** `HOST:PORT` */
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** A real Prometheus that scrapes once a second. */
export interface Prometheus {
  readonly url: string;
  /** @returns the number that a query gives now; undefined for none. */
  ask(query: string): Promise<number | undefined>;
  stop(): Promise<void>;
}

/**
 * @param file the program.
 * @param discover what to scrape, asked once a second.
 */
export async function startPrometheus(file: string, discover: () => Promise<readonly TargetGroup[]>): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'isvc-prometheus-'));
  const discovery = createServer((_request, response) => {
    discover().then(
      (groups) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(groups)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'test', http_sd_configs: [{ url: await listen(discovery), refresh_interval: '1s' }] }],
  };
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const program = startProgram(file, { args: [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`] });
  const stop = async (): Promise<void> => {
    await program.stop();
    discovery.closeAllConnections();
    discovery.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until('Prometheus is ready', async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${program.output}`);
  }
  return {
    url,
    ask: async (query) => {
      const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
      const { data } = (await answer.json()) as { data: { result: readonly { value: readonly [number, string] }[] } };
      const value = data.result[0]?.value[1];
      return value === undefined ? undefined : Number(value);
    },
    stop,
  };
}
