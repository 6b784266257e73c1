import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '../../../../packages/local/src/apiserver/tls/self-signed-certificate';
import { TestCluster } from '../../../e2e/controller/support/cluster';
import { until } from '../../../support/until';
import { readCrds } from '../../support/crds';
import type { MetricsService } from './played-metrics-adapter';
import { freePorts } from '../../../../scripts/support/free-ports.cjs';
import { startProgram } from '../../support/program';

const SYSTEM = 'keda';

/** KEDA's operator beside a cluster. */
export interface Keda {
  readonly cluster: TestCluster;
  /** Its namespace. */
  readonly system: string;
  /** Where it answers its metrics adapter. */
  readonly metricsService: MetricsService;
  /** The end of what the operator wrote. */
  readonly output: string;
  stop(): Promise<void>;
}

export async function startKeda(folder: string, kubeconfig: string): Promise<Keda> {
  const cluster = await TestCluster.start({ crds: await readCrds(join(folder, 'crds')) });
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM } }, { fieldManager: 'test', force: true });
  const certificates = await mkdtemp(join(tmpdir(), 'isvc-keda-'));
  const { certificate, privateKey } = selfSignedCertificate(new Date());
  for (const [file, text] of [['ca.crt', certificate], ['tls.crt', certificate], ['tls.key', privateKey]] as const) await writeFile(join(certificates, file), text, { mode: 0o600 });
  const [metrics, health, adapter = 0] = await freePorts(3);
  const program = startProgram(join(folder, 'keda'), {
    args: [
      `--metrics-bind-address=127.0.0.1:${metrics}`, `--health-probe-bind-address=127.0.0.1:${health}`, `--metrics-service-bind-address=127.0.0.1:${adapter}`,
      `--cert-dir=${certificates}`, '--enable-cert-rotation=false', '--enable-webhook-patching=false', '--leader-elect=false',
    ],
    env: { KUBECONFIG: kubeconfig, WATCH_NAMESPACE: '', KEDA_CLUSTER_OBJECT_NAMESPACE: SYSTEM, POD_NAMESPACE: SYSTEM, POD_NAME: 'keda-operator-0' },
  });
  const stop = async (): Promise<void> => {
    await program.stop();
    await cluster.stop();
    await rm(certificates, { recursive: true, force: true });
  };
  try {
    await until('the operator is healthy', async () => (await fetch(`http://127.0.0.1:${health}/readyz`).catch(() => undefined))?.ok);
  } catch (error) {
    const { output } = program;
    await stop();
    throw new Error(`${(error as Error).message}\n${output}`);
  }
  return {
    cluster,
    system: SYSTEM,
    metricsService: { port: adapter, certificates },
    get output() {
      return program.output;
    },
    stop,
  };
}
