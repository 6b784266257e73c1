import { readFile } from 'node:fs/promises';
import { customResourceDefinitions, type KubeObject, type ObjectRef } from 'cdk8s-kserve/api';
import {
  HttpKubeApi, loadConnection, startController, type ControllerOptions, type KubeApi, type KubeConnection, type RunningController,
} from 'cdk8s-kserve-controller';
import { kubeconfigFor, startApiServer, type ApiServerOptions } from 'cdk8s-kserve-local';
import { GATEWAY, makeGateway } from './gateway';
import { GATEWAY_CRD, OPTIONAL_CRDS } from './optional-crds';
import { ObservedKubeApi } from './observed-kube-api';
import { until } from '../../../support/until';

/**
 * An API server for one test file: the embedded one, or a real one with a controller manager when
 * `ISVC_TEST_KUBECONFIG` names its kubeconfig.
 */
export class TestCluster {
  readonly connection: KubeConnection;
  /** What the test itself uses. */
  readonly api: KubeApi;
  readonly real: boolean;
  /** How programs that are started reach it. */
  readonly kubeconfig: string;
  private readonly end: () => Promise<void>;
  private readonly controllers: RunningController[] = [];
  private readonly namespaces: string[] = [];

  private constructor(connection: KubeConnection, kubeconfig: string, end?: () => Promise<void>) {
    this.connection = connection;
    this.api = new HttpKubeApi(connection);
    this.real = end === undefined;
    this.kubeconfig = kubeconfig;
    this.end = end ?? (() => Promise.resolve());
  }

  /** @param options `crds`: of optional APIs on a real server; stand-ins that admit anything unless given */
  static async start({ crds = OPTIONAL_CRDS, ...options }: ApiServerOptions & { readonly crds?: readonly KubeObject[] } = {}): Promise<TestCluster> {
    const kubeconfig = process.env['ISVC_TEST_KUBECONFIG'];
    if (kubeconfig) {
      const cluster = new TestCluster(await loadConnection({ kubeconfig }), await readFile(kubeconfig, 'utf8'));
      await cluster.install([...customResourceDefinitions(), ...crds]);
      if (crds.includes(GATEWAY_CRD)) await makeGateway(cluster.api);
      return cluster;
    }
    const server = await startApiServer(options);
    const cluster = new TestCluster({ url: server.url, token: server.token }, kubeconfigFor(server), () => server.close());
    await cluster.install(customResourceDefinitions());
    if (await cluster.api.discover(GATEWAY.apiVersion, GATEWAY.kind)) await makeGateway(cluster.api);
    return cluster;
  }

  /** A namespace of its own for each test keeps tests apart on a server that outlives them. */
  async namespace(): Promise<string> {
    const name = `t-${process.pid}-${Date.now().toString(36)}-${this.namespaces.length}`;
    this.namespaces.push(name);
    await this.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return name;
  }

  /** Our controller with its own observed client, as it would start in a pod. */
  async controller(options: Partial<ControllerOptions> = {}): Promise<{ readonly api: ObservedKubeApi; readonly controller: RunningController }> {
    const { api, controller } = this.launch(options);
    await controller.ready;
    return { api, controller };
  }

  /** The same without waiting for its caches. */
  launch(options: Partial<ControllerOptions> = {}): { readonly api: ObservedKubeApi; readonly controller: RunningController } {
    const api = new ObservedKubeApi(new HttpKubeApi(this.connection));
    const controller = startController({ api, redetectMs: 50, ...options });
    this.controllers.push(controller);
    return { api, controller };
  }

  async install(crds: readonly KubeObject[]): Promise<void> {
    for (const crd of crds) {
      await this.api.apply(crd, { fieldManager: 'test', force: true });
    }
    for (const crd of crds) {
      const { group, names, versions } = crd['spec'] as { group: string; names: { kind: string }; versions: { name: string; served: boolean }[] };
      await until(`${names.kind} is served`, () => this.api.discover(`${group}/${versions.find((v) => v.served)?.name ?? ''}`, names.kind, { refresh: true }));
    }
  }

  /** Waits until the object is there and fits. */
  async eventually(ref: ObjectRef, what: string, fits: (object: KubeObject) => boolean = () => true): Promise<KubeObject> {
    let last: KubeObject | undefined;
    try {
      return await until(`${ref.kind} ${ref.name}: ${what}`, async () => {
        last = await this.api.get(ref);
        return last && fits(last) ? last : undefined;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; last seen: ${JSON.stringify(last?.['status'] ?? last?.['spec'])}`);
    }
  }

  async gone(ref: ObjectRef): Promise<void> {
    await until(`${ref.kind} ${ref.name} is gone`, async () => (await this.api.get(ref)) === undefined);
  }

  /**
   * Waits until the garbage collector of a real server knows the routes: it looks for new kinds every 30 s, and until then
   * neither collects nor orphans what is of them.
   */
  async routesAreCollected(namespace: string): Promise<void> {
    const owner = await this.api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner', namespace } });
    const route = { apiVersion: GATEWAY.apiVersion, kind: 'HTTPRoute', name: 'owned', namespace };
    const { uid = '' } = owner.metadata;
    await this.api.create({ ...route, metadata: { name: route.name, namespace, ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }] }, spec: {} });
    await this.api.delete({ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', namespace });
    await this.gone(route);
  }

  /** Waits until a controller has nothing to do and no write arrives for a while of its own event loop. */
  async quiet(controller: RunningController, api: ObservedKubeApi): Promise<void> {
    let writes = -1;
    let same = 0;
    await until('the controller is quiet', () => {
      same = controller.idle && api.writes.length === writes ? same + 1 : 0;
      writes = api.writes.length;
      return same > 80; // Longer than a status may be held back.
    });
  }

  /** Ends the controllers of a test. */
  async stopControllers(): Promise<void> {
    await Promise.all(this.controllers.splice(0).map((controller) => controller.stop()));
  }

  async stop(): Promise<void> {
    await this.stopControllers();
    for (const name of this.namespaces) {
      await this.api.delete({ apiVersion: 'v1', kind: 'Namespace', name });
    }
    this.api.close();
    await this.end();
  }
}
