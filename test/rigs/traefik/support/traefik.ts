import type { Agent } from 'node:http';
import { join } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { TestCluster } from '../../../e2e/controller/support/cluster';
import { condition } from '../../../e2e/controller/support/iris';
import { KNATIVE_SERVICE_CRD } from '../../../e2e/controller/support/optional-crds';
import { until } from '../../../support/until';
import { ask, type Answer } from '../../../e2e/support/ask';
import { readCrds } from '../../support/crds';
import { freePorts } from '../../../../scripts/support/free-ports.cjs';
import { startProgram } from '../../support/program';

const GATEWAY_API = 'gateway.networking.k8s.io/v1';
/** The platform's gateway, as the default config names it. */
export const GATEWAY = { apiVersion: GATEWAY_API, kind: 'Gateway', name: 'kserve-ingress-gateway', namespace: 'kserve' };

/** Traefik as the Gateway API implementation of a cluster. */
export interface Traefik {
  readonly cluster: TestCluster;
  /** Of its HTTP entry point on 127.0.0.1. */
  readonly port: number;
  ask(host: string, path: string, options?: { readonly body?: object; readonly agent?: Agent }): Promise<Answer>;
  stop(): Promise<void>;
}

export async function startTraefik(folder: string, kubeconfig: string): Promise<Traefik> {
  const cluster = await TestCluster.start({ crds: [KNATIVE_SERVICE_CRD, ...(await readCrds(join(folder, 'crds')))] });
  const [port = 0] = await freePorts(1);
  const platform = [
    { apiVersion: GATEWAY_API, kind: 'GatewayClass', metadata: { name: 'traefik' }, spec: { controllerName: 'traefik.io/gateway-controller' } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: GATEWAY.namespace } },
    gateway(port),
  ];
  for (const object of platform) await cluster.api.apply(object, { fieldManager: 'test', force: true });
  const program = startProgram(join(folder, 'traefik'), {
    args: [
      `--entrypoints.web.address=127.0.0.1:${port}`, '--providers.kubernetesgateway', '--providers.kubernetesgateway.statusaddress.ip=127.0.0.1',
      '--global.checknewversion=false', '--global.sendanonymoususage=false', '--log.level=INFO',
    ],
    env: { KUBECONFIG: kubeconfig },
  });
  const stop = async (): Promise<void> => {
    await program.stop();
    await cluster.stop();
  };
  try {
    await until('the gateway is programmed', async () => condition(await cluster.api.get(GATEWAY), 'Programmed')?.startsWith('True'));
  } catch (error) {
    const { output } = program;
    await stop();
    throw new Error(`${(error as Error).message}\n${output}`);
  }
  return { cluster, port, ask: (host, path, { body, agent } = {}) => ask(`http://127.0.0.1:${port}`, host, path, body, agent), stop };
}

/** @param from namespaces whose routes may attach */
export function gateway(port: number, from: 'All' | 'Same' = 'All'): KubeObject {
  const { apiVersion, kind, name, namespace } = GATEWAY;
  const listener = { name: 'http', port, protocol: 'HTTP', allowedRoutes: { namespaces: { from } } };
  return { apiVersion, kind, metadata: { name, namespace }, spec: { gatewayClassName: 'traefik', listeners: [listener] } };
}
