import type { KubeObject } from 'cdk8s-kserve/api';
import type { RunningController } from 'cdk8s-kserve-controller';
import type { TestCluster } from '../../../e2e/controller/support/cluster';
import { irisRef } from '../../../e2e/controller/support/iris';
import type { ObservedKubeApi } from '../../../e2e/controller/support/observed-kube-api';
import { playNode, type PlayedNode } from '../../support/played-node';
import { startKnative } from './knative';
import { playIngress } from './played-ingress';

const RIG = process.env['ISVC_TEST_RIG'];
const KUBECONFIG = process.env['ISVC_TEST_KUBECONFIG'] ?? '';
const SERVING = { apiVersion: 'serving.knative.dev/v1', namespaced: true };
const NETWORKING = { apiVersion: 'networking.internal.knative.dev/v1alpha1', namespaced: true };
/** All that Knative makes of a Service of its own. */
const MADE = [
  { ...SERVING, kind: 'Service', plural: 'services' }, { ...SERVING, kind: 'Configuration', plural: 'configurations' },
  { ...SERVING, kind: 'Revision', plural: 'revisions' }, { ...SERVING, kind: 'Route', plural: 'routes' },
  { ...NETWORKING, kind: 'Ingress', plural: 'ingresses' }, { ...NETWORKING, kind: 'ServerlessService', plural: 'serverlessservices' },
  { apiVersion: 'autoscaling.internal.knative.dev/v1alpha1', namespaced: true, kind: 'PodAutoscaler', plural: 'podautoscalers' },
  { apiVersion: 'apps/v1', namespaced: true, kind: 'Deployment', plural: 'deployments' },
  { apiVersion: 'apps/v1', namespaced: true, kind: 'ReplicaSet', plural: 'replicasets' },
  { apiVersion: 'v1', namespaced: true, kind: 'Pod', plural: 'pods' }, { apiVersion: 'v1', namespaced: true, kind: 'Service', plural: 'services' },
];

/** What tests on Knative work with; a namespace and our controller for each `describe`. */
export interface OnKnative {
  readonly cluster: TestCluster;
  readonly namespace: string;
  readonly node: PlayedNode;
  readonly running: { readonly api: ObservedKubeApi; readonly controller: RunningController };
  /** `Revision iris-predictor-00001` and so on, of this namespace, those being deleted aside. */
  made(): Promise<readonly string[]>;
  /** The shares of revisions that the ingress layer was told, in percent. */
  shares(name?: string): Promise<Readonly<Record<string, number>>>;
  edit(patch: object): Promise<void>;
}

/** Tests on one cluster with Knative Serving; skipped where the rig is not there. */
export function describeOnKnative(title: string, define: (on: OnKnative) => void): void {
  (RIG ? describe : describe.skip)(title, () => {
    const on = {} as { -readonly [K in keyof OnKnative]: OnKnative[K] };
    const ends: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      const knative = await startKnative(RIG ?? '', KUBECONFIG, { programs: ['webhook', 'controller', 'autoscaler'] });
      const { cluster } = knative;
      const node = playNode(cluster.api);
      const ingress = playIngress(cluster.api);
      ends.push(() => cluster.stopControllers(), () => node.stop(), () => ingress.stop(), () => knative.stop());
      const namespace = await cluster.namespace();
      Object.assign(on, { cluster, namespace, node, running: await cluster.controller({ namespaces: [namespace] }), made, shares, edit });
    });

    afterAll(async () => {
      for (const end of ends) await end();
    });

    async function made(): Promise<readonly string[]> {
      const lists = await Promise.all(MADE.map((resource) => on.cluster.api.list(resource, { namespace: on.namespace })));
      return lists.flatMap(({ items }) => items).filter(({ metadata }) => !metadata.deletionTimestamp).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    }

    async function shares(name = 'iris-predictor'): Promise<Readonly<Record<string, number>>> {
      const ingress = await on.cluster.api.get({ ...NETWORKING, kind: 'Ingress', name, namespace: on.namespace });
      const { rules = [] } = (ingress?.['spec'] ?? {}) as { rules?: readonly { http: { paths: readonly { splits: readonly { percent: number; appendHeaders?: Record<string, string> }[] }[] } }[] };
      const splits = rules[0]?.http.paths.at(-1)?.splits ?? [];
      return Object.fromEntries(splits.map(({ percent, appendHeaders = {} }) => [appendHeaders['Knative-Serving-Revision'] ?? '', percent]));
    }

    async function edit(patch: object): Promise<void> {
      await on.cluster.api.mergePatch(irisRef(on.namespace), patch);
    }

    define(on);
  });
}

/** What a service's status says of its predictor. */
export function predictorOf(service: KubeObject | undefined): { readonly latestReadyRevision?: string; readonly latestRolledoutRevision?: string; readonly previousRolledoutRevision?: string; readonly url?: string; readonly traffic?: readonly object[] } {
  return (service?.['status'] as { components?: { predictor?: object } } | undefined)?.components?.predictor ?? {};
}
