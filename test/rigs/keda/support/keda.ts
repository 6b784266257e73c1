import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refOf } from 'cdk8s-kserve/api';
import { selfSignedCertificate } from '../../../../packages/local/src/apiserver/tls/self-signed-certificate';
import { TestCluster } from '../../../e2e/controller/support/cluster';
import { condition } from '../../../e2e/controller/support/iris';
import { until } from '../../../support/until';
import { readCrds } from '../../support/crds';
import { freePorts } from '../../../../scripts/support/free-ports.cjs';
import { startProgram } from '../../support/program';
import { adapterHost, externalMetricsApi, EXTERNAL_METRICS } from './external-metrics-api';

const SYSTEM = 'keda';

/** KEDA's operator and metrics adapter beside a cluster, which serves external metrics through them. */
export interface Keda {
  readonly cluster: TestCluster;
  /** The end of what both wrote. */
  readonly output: string;
  stop(): Promise<void>;
}

/**
 * @param folder of the programs and CRDs of KEDA.
 * @throws Error with what both wrote, where one of them does not become healthy.
 */
export async function startKeda(folder: string, kubeconfig: string): Promise<Keda> {
  const cluster = await TestCluster.start({ crds: await readCrds(join(folder, 'crds')) });
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM } }, { fieldManager: 'test', force: true });
  const certificates = await mkdtemp(join(tmpdir(), 'isvc-keda-'));
  // One certificate, which vouches for itself, for both ends and as their authority.
  const { certificate, privateKey } = selfSignedCertificate(new Date(), [adapterHost(SYSTEM)]);
  for (const [file, text] of [['ca.crt', certificate], ['tls.crt', certificate], ['tls.key', privateKey]] as const) await writeFile(join(certificates, file), text, { mode: 0o600 });
  const [operatorMetrics, health, grpc, adapterMetrics, secure = 0] = await freePorts(5);
  const env = { KUBECONFIG: kubeconfig, WATCH_NAMESPACE: '', KEDA_CLUSTER_OBJECT_NAMESPACE: SYSTEM, POD_NAMESPACE: SYSTEM };
  const operator = startProgram(join(folder, 'keda'), {
    args: [
      `--metrics-bind-address=127.0.0.1:${operatorMetrics}`, `--health-probe-bind-address=127.0.0.1:${health}`, `--metrics-service-bind-address=127.0.0.1:${grpc}`,
      `--cert-dir=${certificates}`, '--enable-cert-rotation=false', '--enable-webhook-patching=false', '--leader-elect=false',
    ],
    env: { ...env, POD_NAME: 'keda-operator-0' },
  });
  // Its own metrics, at --port, are the one thing here that listens on all addresses: it knows no other way.
  const adapter = startProgram(join(folder, 'keda-adapter'), {
    args: [
      '--bind-address=127.0.0.1', `--secure-port=${secure}`, `--port=${adapterMetrics}`, `--metrics-service-address=localhost:${grpc}`,
      ...['authentication', 'authorization', 'lister'].map((use) => `--${use}-kubeconfig=${kubeconfig}`),
      `--cert-dir=${certificates}`, `--tls-cert-file=${join(certificates, 'tls.crt')}`, `--tls-private-key-file=${join(certificates, 'tls.key')}`,
    ],
    env: { ...env, POD_NAME: 'keda-operator-metrics-apiserver-0' },
  });
  const objects = externalMetricsApi(SYSTEM, secure, certificate);
  const stop = async (): Promise<void> => {
    // Discovery of the whole API server waits for a group that nobody serves.
    for (const object of objects) await cluster.api.delete(refOf(object));
    await adapter.stop();
    await operator.stop();
    await cluster.stop();
    await rm(certificates, { recursive: true, force: true });
  };
  const output = (): string => `operator:\n${operator.output}\nadapter:\n${adapter.output}`;
  try {
    await until('the operator is healthy', async () => (await fetch(`http://127.0.0.1:${health}/readyz`).catch(() => undefined))?.ok);
    for (const object of objects) await cluster.api.apply(object, { fieldManager: 'test', force: true });
    await cluster.eventually(EXTERNAL_METRICS, 'is available', (service) => condition(service, 'Available')?.startsWith('True') === true);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${output()}`);
  }
  return {
    cluster,
    get output() {
      return output();
    },
    stop,
  };
}
