import { INFERENCE_SERVICE_API, refOf, type KubeObject } from 'cdk8s-kserve/api';
import { condition } from '../../../e2e/controller/support/iris';
import { until } from '../../../support/until';
import { startRig, type KserveRig } from './kserve';
import { ALL, RUNTIME, services } from './services';
import { snapshot } from './snapshot';

const PROGRAMS = process.env['ISVC_TEST_RIG'];
export const KUBECONFIG = process.env['ISVC_TEST_KUBECONFIG'] ?? '';
/** How long what has to happen may take on a busy machine. */
export const PATIENCE_MS = 120_000;

/** What tests beside KServe's own manager work with. */
export interface OnKserve {
  readonly rig: KserveRig;
}

/** Tests on one cluster that can have KServe's manager; skipped where the rig is not there. */
export function describeOnKserve(title: string, define: (on: OnKserve) => void): void {
  jest.setTimeout(4 * PATIENCE_MS);
  (PROGRAMS ? describe : describe.skip)(title, () => {
    const on = {} as { -readonly [K in keyof OnKserve]: OnKserve[K] };

    beforeAll(async () => {
      on.rig = await startRig(PROGRAMS ?? '', KUBECONFIG);
    });

    define(on);
    // After those of the tests, which use the rig.
    afterAll(() => on.rig.stop());
  });
}

/** The team's services and the runtime that they need, in a namespace. */
export class TeamServices {
  readonly namespace: string;
  private readonly rig: KserveRig;

  constructor(rig: KserveRig, namespace: string) {
    this.rig = rig;
    this.namespace = namespace;
  }

  /** As it was created. */
  service(name: string): KubeObject {
    const found = services(this.namespace).find((s) => s.metadata.name === name);
    if (!found) throw new Error(`no service ${name}`);
    return found;
  }

  async create(): Promise<void> {
    const { api } = this.rig.cluster;
    await api.create(RUNTIME);
    for (const service of services(this.namespace)) await api.create(service);
  }

  /** @param taken whether the finalizers are those of whoever has to look after them. @default - any are */
  async untilReady(taken: (finalizers: readonly string[]) => boolean = () => true): Promise<void> {
    await until('all services are ready', async () => {
      const found = await Promise.all(services(this.namespace).map((s) => this.rig.cluster.api.get(refOf(s))));
      return found.every((s) => condition(s, 'Ready') === 'True' && taken(s?.metadata.finalizers ?? []));
    }, PATIENCE_MS);
  }

  /** Deletes them and waits until none of their children is left. */
  async deleteAll(): Promise<void> {
    const { api } = this.rig.cluster;
    for (const name of Object.keys(ALL)) await api.delete({ apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService', name, namespace: this.namespace });
    await until('nothing is left', async () => {
      const left = await snapshot(api, this.namespace);
      return left.uids.size === 0 && left.pods.size === 0;
    }, PATIENCE_MS);
  }

  /** The runtime is the cluster's, and the next test file makes its own. */
  async removeRuntime(): Promise<void> {
    await this.rig.cluster.api.delete(refOf(RUNTIME));
  }
}
