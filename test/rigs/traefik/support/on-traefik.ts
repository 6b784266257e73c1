import type { KubeObject } from 'cdk8s-kserve/api';
import { irisRef } from '../../../e2e/controller/support/iris';
import { until } from '../../../support/until';
import { SteadyLoad } from '../../../e2e/support/steady-load';
import { childrenOf, hostOf, startRig, type Rig } from './rig';

/** How long what has to happen may take on a busy machine. */

/** What tests behind Traefik work with; a namespace of its own for each `describe`. */
export interface OnTraefik {
  readonly rig: Rig;
  readonly namespace: string;
  /** Of the service `iris`. */
  readonly host: string;
  edit(change: object): Promise<KubeObject>;
  /** Predictions of one flower without end, from callers that keep their connections. */
  load(): SteadyLoad;
  /** Waits until the children, by kind and name, are as they should be. */
  untilChildren(what: string, are: (children: readonly string[]) => boolean): Promise<unknown>;
}

export interface OnTraefikOptions {
  /** Sections of a platform config of the namespace's own. @default - the default config */
  readonly config?: Readonly<Record<string, object>>;
}

/** Tests on one cluster with Traefik as its gateway, a node and our controller; skipped where the rig is not there. */
export function describeOnTraefik(title: string, define: (on: OnTraefik) => void, { config }: OnTraefikOptions = {}): void {
  (process.env['ISVC_TEST_RIG'] ? describe : describe.skip)(title, () => {
    const on = {} as { -readonly [K in keyof OnTraefik]: OnTraefik[K] };

    beforeAll(async () => {
      const rig = await startRig();
      const { cluster } = rig;
      const namespace = await cluster.namespace();
      const host = hostOf(namespace);
      Object.assign(on, {
        rig, namespace, host,
        edit: (change: object) => cluster.api.mergePatch(irisRef(namespace), change),
        load: () => new SteadyLoad({ callers: 4, pauseMs: 10, ask: (agent) => rig.predict(host, { agent }) }),
        untilChildren: (what: string, are: (children: readonly string[]) => boolean) => until(what, async () => are(await childrenOf(cluster, namespace))),
      } satisfies OnTraefik);
      if (config) {
        const data = Object.fromEntries(Object.entries(config).map(([section, value]) => [section, JSON.stringify(value)]));
        await cluster.api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace }, data });
      }
      await cluster.controller({ namespaces: [namespace], ...(config ? { namespace } : {}) });
    });

    define(on);
    // After those of the tests: they stop what asks through the rig.
    afterAll(() => on.rig.stop());
  });
}
