import { join } from 'node:path';
import { refOf } from 'cdk8s-kserve/api';
import { TestCluster } from '../../../e2e/controller/support/cluster';
import { HTTP_ROUTE_CRD } from '../../../e2e/controller/support/optional-crds';
import { until } from '../../../support/until';
import { freePorts, portIsFree } from '../../../../scripts/support/free-ports.cjs';
import { startProgram, type Program } from '../../support/program';
import { endpointsOf, knativeConfiguration, knativeCrds, type Settings } from './manifests';

const SYSTEM = 'knative-serving';
const START_MS = 60_000;
/** The autoscaler writes Endpoints of itself, which may not be loopback; nobody connects there. */
const POD_IP = '192.0.2.10';

/** The programs of Knative Serving beside a cluster. */
export interface Knative {
  readonly cluster: TestCluster;
  /** The last lines of each program. */
  readonly output: string;
  stop(): Promise<void>;
}

export interface KnativeOptions {
  /** What runs; the webhook is what admits, the others what works. */
  readonly programs: readonly ('webhook' | 'controller' | 'autoscaler' | 'activator')[];
  /** Beside those of {@link knativeConfiguration}. @default - none */
  readonly settings?: Settings;
  /** Where programs that are called by others run, by name. @default - in this machine's network, where nobody calls them */
  readonly places?: ReadonlyMap<string, Place>;
}

/** A network that a program is started in. */
export interface Place {
  readonly address: string;
  readonly enter: readonly string[];
  /** With which the API server is reached from there. */
  readonly kubeconfig: string;
}

export async function startKnative(folder: string, kubeconfig: string, { programs, settings = {}, places = new Map() }: KnativeOptions): Promise<Knative> {
  const cluster = await TestCluster.start({ crds: [HTTP_ROUTE_CRD, ...knativeCrds(folder)] });
  const [webhookPort = 0, ...ports] = await freePorts(1 + 2 * programs.length);
  // The autoscaler knows no other port, and ends in silence when it is taken.
  if (programs.includes('autoscaler') && !places.has('autoscaler')) await until('port 8080 is free for the autoscaler', () => portIsFree(8080), START_MS);
  const own = knativeConfiguration(folder, webhookPort, settings);
  const configuration = [...own, ...endpointsOf(own, new Map([...places].map(([name, { address }]) => [name, address])))];
  for (const object of configuration) await cluster.api.apply(object, { fieldManager: 'test', force: true });
  const start = (name: string, i: number): Program => {
    const place = places.get(name) ?? { kubeconfig, address: POD_IP, enter: [] };
    const [file = '', ...args] = [...place.enter, join(folder, name)];
    return startProgram(file, {
      args,
      env: {
        KUBECONFIG: place.kubeconfig, SYSTEM_NAMESPACE: SYSTEM, POD_NAME: `${name}-0`, POD_IP: place.address, METRICS_DOMAIN: 'knative.dev/serving',
        CONFIG_LOGGING_NAME: 'config-logging', CONFIG_OBSERVABILITY_NAME: 'config-observability', WEBHOOK_NAME: 'webhook', WEBHOOK_PORT: String(webhookPort),
        PROFILING_PORT: String(ports[2 * i]), KNATIVE_HEALTH_PROBES_PORT: String(ports[2 * i + 1]),
      },
    });
  };
  const running = new Map<string, Program>(programs.map((name, i) => [name, start(name, i)]));
  const knative: Knative = {
    cluster,
    get output() {
      return [...running].map(([name, program]) => `--- ${name}\n${program.output.slice(-3000)}`).join('\n');
    },
    stop: async () => {
      await Promise.all([...running.values()].map((program) => program.stop()));
      // What nobody answers any more would refuse all that follows, and leases of the dead keep the next from leading.
      for (const object of configuration.filter(({ kind }) => kind.endsWith('WebhookConfiguration'))) await cluster.api.delete(refOf(object));
      await cluster.api.delete({ apiVersion: 'v1', kind: 'Namespace', name: SYSTEM });
      await cluster.gone({ apiVersion: 'v1', kind: 'Namespace', name: SYSTEM });
      await cluster.stop();
    },
  };
  /** Where one of its ports is taken for a moment, the autoscaler neither works nor ends. */
  const revive = async (name: 'autoscaler'): Promise<boolean> => {
    const program = running.get(name);
    if (!program?.output.includes('Shutting down workers')) return false;
    await program.stop();
    running.set(name, start(name, programs.indexOf(name)));
    return true;
  };
  try {
    await until('the webhook refuses what cannot be', () => refuses(cluster), START_MS);
    if (programs.includes('autoscaler')) await until('the autoscaler leads', async () => !(await revive('autoscaler')) && leads(cluster), START_MS);
  } catch (error) {
    const { output } = knative;
    await knative.stop();
    throw new Error(`${(error as Error).message}\n${output}`);
  }
  return knative;
}

async function refuses(cluster: TestCluster): Promise<boolean> {
  const spec = { template: { spec: { containerConcurrency: -1, containers: [{ image: 'registry.example/none' }] } } };
  const service = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'refused', namespace: SYSTEM }, spec };
  try {
    await cluster.api.create(service);
    await cluster.api.delete({ ...service, ...service.metadata });
    return false;
  } catch (error) {
    return (error as Error).message.includes('validation.webhook.serving.knative.dev');
  }
}

async function leads(cluster: TestCluster): Promise<boolean> {
  const lease = await cluster.api.get({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'autoscaler-bucket-00-of-01', namespace: SYSTEM });
  return (lease?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity !== undefined;
}
