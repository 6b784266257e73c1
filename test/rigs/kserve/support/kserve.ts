import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customResourceDefinitions } from 'cdk8s-kserve/api';
import { installKserve } from '../../../../scripts/cluster/kserve-manager';
import { TestCluster } from '../../../e2e/controller/support/cluster';
import { until } from '../../../support/until';
import { playNode } from '../../support/played-node';
import { startProgram, type Program } from '../../support/program';

/** A cluster of real programs that can have KServe's own manager, or our controller by {@link TestCluster}, but not both. */
export interface KserveRig {
  readonly cluster: TestCluster;
  /** Installs KServe with its CRDs and webhooks and starts its manager; resolves when it is ready. */
  startKserve(): Promise<void>;
  /** Ends the manager, takes its webhooks away and installs our CRDs over its own. */
  leaveKserve(): Promise<void>;
  stop(): Promise<void>;
}

/** @param programs the folder that `rigPrograms('kserve')` gave */
export async function startRig(programs: string, kubeconfig: string): Promise<KserveRig> {
  const cluster = await TestCluster.start();
  const pods = playNode(cluster.api);
  const folder = mkdtempSync(join(tmpdir(), 'isvc-kserve-'));
  let manager: Program | undefined;
  let removeWebhooks = (): Promise<void> => Promise.resolve();
  const endManager = async (): Promise<void> => {
    await manager?.stop();
    manager = undefined;
  };
  return {
    cluster,
    startKserve: async () => {
      const installed = await installKserve(cluster.api, programs, mkdtempSync(join(folder, 'run-')), { kubeconfig, routes: 'Ingress' });
      removeWebhooks = installed.removeWebhooks;
      const { file, args, env, readyUrl } = installed.command;
      manager = startProgram(file, { args, env });
      await until("KServe's manager is ready", async () => (await fetch(readyUrl).catch(() => undefined))?.ok).catch((error: Error) => {
        throw new Error(`${error.message}: ${manager?.output ?? ''}`);
      });
    },
    leaveKserve: async () => {
      await endManager();
      await removeWebhooks();
      await cluster.install(customResourceDefinitions());
    },
    stop: async () => {
      await cluster.stopControllers();
      await endManager();
      await removeWebhooks();
      await pods.stop();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
