import { BUILT_IN_RUNTIMES, customResourceDefinitions, INFERENCE_SERVICE_API, SERVING_RUNTIME_API, type KubeObject } from 'cdk8s-kserve/api';
import type { HttpKubeApi } from 'cdk8s-kserve-controller';
import { AuditedCluster, countBy, inParallel, pause, until } from './audited-cluster';

const COUNT = Number(process.env['BENCH_SERVICES'] ?? 1000);
/** Unrelated Secrets, which the controller must not keep in memory. */
const SECRETS = Number(process.env['BENCH_SECRETS'] ?? 8000);
const IDLE_MS = 10_000;
/** Deployment, Service, autoscaler; published services have routes too, and the gateway's CRDs are not installed here. */
const CHILDREN = ['Deployment', 'Service', 'HorizontalPodAutoscaler'] as const;
const CHILD_APIS = { Deployment: 'apps/v1', Service: 'v1', HorizontalPodAutoscaler: 'autoscaling/v2' } as const;
const RUNTIME = 'bench-runtime';

/**
 * The life of a thousand raw services on a real API server, writes counted by its audit log: a burst, ready, quiet, a
 * restart, an edit of their runtime, deletion. KServe 0.20 on such a rig: 51 s, 7 + 7 writes a service, 2,002 writes at a
 * restart, 5,000 at the edit, 24 ms CPU a service, 140 MB without the Secrets.
 */
export async function run(): Promise<void> {
  const cluster = await AuditedCluster.start();
  const { api } = cluster;
  try {
    await prepare(api);
    await cluster.startController();
    const cpuBefore = await cluster.metric('process_cpu_seconds_total');
    /** What the controller wrote since the last call. */
    let seen = 0;
    const written = (): string => {
      const all = cluster.writes();
      const fresh = all.slice(seen);
      seen = all.length;
      return `${fresh.length}: ${countBy(fresh)}`;
    };

    let began = performance.now();
    await inParallel(COUNT, (i) => api.create(service(i)));
    await until(() => cluster.writes().filter((w) => w.startsWith('patch') && !w.endsWith('/status')).length >= COUNT * CHILDREN.length);
    print('all children there', since(began));
    await cluster.quiet();
    print('writes at creation', written());

    began = performance.now();
    await inParallel(COUNT, (i) => makeReady(api, i));
    await until(async () => (await readyServices(api)) === COUNT);
    print('all ready after', since(began));
    await cluster.quiet();
    print('writes at becoming ready', written());
    print('CPU a service', `${(((await cluster.metric('process_cpu_seconds_total')) - cpuBefore) / COUNT * 1000).toFixed(1)} ms`);
    print(`resident memory beside ${SECRETS} Secrets`, `${((await cluster.metric('process_resident_memory_bytes')) / 2 ** 20).toFixed(0)} MiB`);
    await pause(IDLE_MS);
    print(`writes in ${IDLE_MS / 1000} s of idleness`, written());

    await cluster.stopController();
    began = performance.now();
    await cluster.startController();
    await until(async () => (await cluster.metric('isvc_controller_reconcile_seconds_count{result="ok"}').catch(() => 0)) >= COUNT);
    print('restart to quiet', since(began));
    await cluster.quiet();
    print('writes after a restart', written());

    await api.apply(runtime('2'), { fieldManager: 'bench', force: true });
    await cluster.quiet();
    print('writes at an edit of their runtime', written());
    print('Deployments that roll at once', String((await list(api, 'Deployment')).filter((d) => JSON.stringify(d).includes('bench/server:2')).length));

    began = performance.now();
    await inParallel(COUNT, (i) => api.delete(ref('InferenceService', INFERENCE_SERVICE_API, `s${i}`)));
    await until(async () => (await Promise.all(CHILDREN.map((kind) => list(api, kind)))).every((left) => left.length === 0));
    print('deleted, nothing left', since(began));
  } finally {
    await cluster.stop();
  }
}

async function prepare(api: HttpKubeApi): Promise<void> {
  for (const crd of customResourceDefinitions()) await api.apply(crd, { fieldManager: 'bench' });
  await until(async () => (await api.discover(SERVING_RUNTIME_API, 'ClusterServingRuntime', { refresh: true })) !== undefined);
  await until(async () => (await api.discover(INFERENCE_SERVICE_API, 'InferenceService', { refresh: true })) !== undefined);
  for (const name of ['bench', 'elsewhere']) await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace: 'bench' }, data: { ingress: '{"disableIngressCreation": true}' } });
  for (const builtIn of BUILT_IN_RUNTIMES) await api.apply(builtIn, { fieldManager: 'bench' });
  await api.apply(runtime('1'), { fieldManager: 'bench' });
  const value = Buffer.alloc(1024, 'x').toString('base64');
  await inParallel(SECRETS, (i) => api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: `secret-${i}`, namespace: 'elsewhere' }, data: { value } }));
}

function runtime(tag: string): KubeObject {
  return {
    apiVersion: SERVING_RUNTIME_API, kind: 'ClusterServingRuntime', metadata: { name: RUNTIME },
    spec: { supportedModelFormats: [{ name: 'sklearn' }], containers: [{ name: 'kserve-container', image: `bench/server:${tag}` }] },
  };
}

function service(index: number): KubeObject {
  return {
    apiVersion: INFERENCE_SERVICE_API, kind: 'InferenceService',
    metadata: { name: `s${index}`, namespace: 'bench', annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, runtime: RUNTIME, storageUri: 'pvc://models/iris' } } },
  };
}

function ref(kind: string, apiVersion: string, name: string): { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly namespace: string } {
  return { apiVersion, kind, name, namespace: 'bench' };
}

/** Plays the Deployment controller, as a rollout that has gone well. */
async function makeReady(api: HttpKubeApi, index: number): Promise<void> {
  const deployment = await api.get(ref('Deployment', 'apps/v1', `s${index}-predictor`));
  if (!deployment) throw new Error(`s${index} has no Deployment`);
  await api.replaceStatus({
    ...deployment,
    status: {
      observedGeneration: deployment.metadata.generation, replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1,
      conditions: [{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
    },
  });
}

async function list(api: HttpKubeApi, kind: keyof typeof CHILD_APIS): Promise<readonly KubeObject[]> {
  const resource = await api.discover(CHILD_APIS[kind], kind);
  return resource ? (await api.list(resource, { namespace: 'bench' })).items : [];
}

async function readyServices(api: HttpKubeApi): Promise<number> {
  const resource = await api.discover(INFERENCE_SERVICE_API, 'InferenceService');
  const { items } = resource ? await api.list(resource, { namespace: 'bench' }) : { items: [] };
  return items.filter((s) => ((s['status'] ?? {}) as { conditions?: { type: string; status: string }[] }).conditions?.some((c) => c.type === 'Ready' && c.status === 'True')).length;
}

function since(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

function print(what: string, value: string): void {
  console.log(`${what.padEnd(36)} ${value}`);
}
