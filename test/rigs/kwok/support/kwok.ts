import { join } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { TestCluster } from '../../../e2e/controller/support/cluster';
import { until } from '../../../support/until';
import { freePorts } from '../../../../scripts/support/free-ports.cjs';
import { startProgram, type Program } from '../../support/program';

/** What KWOK does with nodes and pods, in its own words. */
const STAGES = ['node/fast/node-initialize.yaml', 'pod/fast/pod-ready.yaml', 'pod/fast/pod-complete.yaml', 'pod/fast/pod-delete.yaml'];

/** A real scheduler, and nodes on which pods become ready without running. */
export interface Kwok {
  readonly cluster: TestCluster;
  /** A node with room for some thousand pods. @param more further resources, e.g. `nvidia.com/gpu` */
  addNode(name: string, more?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** @param folders of KWOK and of kube-scheduler */
export async function startKwok({ kwok, scheduler }: { readonly kwok: string; readonly scheduler: string }, kubeconfig: string): Promise<Kwok> {
  const cluster = await TestCluster.start();
  const [kwokPort, schedulerPort] = await freePorts(2);
  const access = ['--kubeconfig', '--authentication-kubeconfig', '--authorization-kubeconfig'].flatMap((flag) => [flag, kubeconfig]);
  const programs: readonly Program[] = [
    startProgram(join(kwok, 'kwok'), {
      args: ['--kubeconfig', kubeconfig, '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake', `--server-address=127.0.0.1:${kwokPort}`, ...STAGES.flatMap((file) => ['--config', join(kwok, 'stage', file)])],
    }),
    startProgram(join(scheduler, 'kube-scheduler'), { args: [...access, '--leader-elect=false', '--bind-address=127.0.0.1', `--secure-port=${schedulerPort}`] }),
  ];
  return {
    cluster,
    async addNode(name, more = {}) {
      const resources = { cpu: '10k', memory: '40Ti', pods: '5000', ...more };
      await cluster.api.create({
        apiVersion: 'v1', kind: 'Node', metadata: { name, annotations: { 'kwok.x-k8s.io/node': 'fake' } }, status: { allocatable: resources, capacity: resources },
      } as KubeObject);
      // Admission marks new nodes as not ready; whoever takes that off again looks for heartbeats, which these nodes have none of.
      await cluster.api.mergePatch({ apiVersion: 'v1', kind: 'Node', name }, { spec: { taints: null } });
      try {
        await until(`node ${name} is ready`, async () => isReady(await cluster.api.get({ apiVersion: 'v1', kind: 'Node', name })));
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${programs.map((p) => p.output).join('\n')}`);
      }
    },
    async stop() {
      for (const program of programs) await program.stop();
      await cluster.stop();
    },
  };
}

function isReady(node: KubeObject | undefined): boolean {
  const { conditions = [] } = (node?.['status'] ?? {}) as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
