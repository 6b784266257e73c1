import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { customResourceDefinitions } from 'cdk8s-kserve/api';
import { crdsServed, httpRouteCrd, installKserve, KSERVE_NAMESPACE, type Command, type Routes } from '../../scripts/cluster/kserve-manager';
import { freePort } from '../../scripts/support/free-ports.cjs';
import { CONTROLLER_NODE_OPTIONS } from '../../src/constructs/install/workload';
import { REPOSITORY } from '../support/program';
import type { AuditedCluster } from './audited-cluster';

/** A controller that is measured. */
export interface Contender {
  readonly name: string;
  /** Installs what it needs on a fresh cluster, or anew with other routes, and says how it is started. */
  install(cluster: AuditedCluster, routes: Routes): Promise<Command>;
}

/** Our controller and, where Go or the built program is there, KServe's own manager from its Go module. */
export function contenders(): { readonly all: readonly Contender[]; /** Whether the CRD of HTTPRoute is there. */ readonly gatewayApi: boolean } {
  const found = spawnSync(process.execPath, [join(REPOSITORY, 'scripts/cluster/rig.mjs'), 'kserve'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (found.status !== 0) return { all: [ours()], gatewayApi: false };
  const programs = found.stdout.trim();
  return { all: [ours(programs), kserve(programs)], gatewayApi: true };
}

function ours(programs?: string): Contender {
  return {
    name: 'here',
    install: async ({ api, folder, controllerKubeconfig }, routes) => {
      await crdsServed(api, [...customResourceDefinitions(), ...(programs ? [httpRouteCrd(programs)] : [])]);
      await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: KSERVE_NAMESPACE } }, { fieldManager: 'install', force: true });
      const ingress = { enableGatewayApi: routes === 'HTTPRoute', kserveIngressGateway: 'kserve/kserve-ingress-gateway', ingressGateway: 'kserve/kserve-ingress-gateway', ingressDomain: 'example.com', ingressClassName: 'istio' };
      await api.apply({
        apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace: KSERVE_NAMESPACE },
        data: { deploy: '{"defaultDeploymentMode": "Standard"}', ingress: JSON.stringify(ingress) },
      }, { fieldManager: 'install', force: true });
      const address = `127.0.0.1:${await freePort()}`;
      const image = join(folder, `image-${routes}`);
      execFileSync(process.execPath, [join(REPOSITORY, 'scripts/image/stage.mjs'), image], { stdio: ['ignore', 'ignore', 'inherit'] });
      // As the image and its Deployment start it.
      return { file: process.execPath, args: [join(image, 'app/isvc.cjs'), 'controller', '--kubeconfig', controllerKubeconfig, '--listen', address, '--log-level', 'warn'], env: { NODE_OPTIONS: CONTROLLER_NODE_OPTIONS }, readyUrl: `http://${address}/readyz` };
    },
  };
}

function kserve(programs: string): Contender {
  return {
    name: 'KServe 0.20',
    install: async ({ api, folder, controllerKubeconfig }, routes) => {
      const own = join(folder, `kserve-${routes}`);
      mkdirSync(own);
      return (await installKserve(api, programs, own, { kubeconfig: controllerKubeconfig, routes })).command;
    },
  };
}
