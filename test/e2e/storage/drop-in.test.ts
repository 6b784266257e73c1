import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InferenceService, KubeObject } from 'cdk8s-kserve/api';
import { startLocalCluster, type LocalCluster } from 'cdk8s-kserve-local';
import { render, worldFromObjects } from 'cdk8s-kserve/render';
import { until } from '../../support/until';
import { ARRANGEMENTS } from './arrangements';

// KServe's ways to give a service its credentials, rendered and then run: what `fetch` asks of a store with the pod as it is.

const MODEL = readFileSync(join(__dirname, '../../../packages/runtime/test/fixtures/boosting/xgboost/binary.json'));

let cluster: LocalCluster;
beforeAll(async () => {
  cluster = await startLocalCluster();
});
afterAll(() => cluster.stop());

test.each(Object.entries(ARRANGEMENTS))('%s', async (what, arrangement) => {
  const namespace = `row-${Object.keys(ARRANGEMENTS).indexOf(what)}`;
  const seen = new Set<string>();
  const origin = await arrangement.serve(MODEL, seen);
  const objects = arrangement.objects(origin).map((object): KubeObject => ({ ...object, metadata: { namespace, ...object.metadata } }));
  const service = {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'iris', namespace, annotations: { 'serving.kserve.io/deploymentMode': 'Standard', ...arrangement.annotations } },
    spec: { predictor: { ...arrangement.predictor, model: { modelFormat: { name: 'xgboost' }, ...arrangement.model(origin) } } },
  } as InferenceService;
  const { world, problems } = worldFromObjects(objects);
  const rendered = render(service, world);
  expect([...problems, ...rendered.problems.filter(({ severity }) => severity === 'error')]).toEqual([]);
  expectNoSecret(rendered.children, objects);

  const pod = podOf(rendered.children, namespace);
  const own = objects.filter(({ apiVersion, metadata }) => apiVersion === 'v1' && metadata.namespace === namespace);
  await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...own, pod]);
  const state = await fetched(namespace);
  expect(state).toMatchObject({ exitCode: 0 });
  expect([...seen].sort()).toEqual([...arrangement.seen].sort());
  await cluster.api.delete({ apiVersion: 'v1', kind: 'Pod', name: 'iris', namespace });
});

/** References only: a pod can be read by more people than a secret. */
function expectNoSecret(children: readonly KubeObject[], objects: readonly KubeObject[]): void {
  const text = JSON.stringify(children);
  for (const { kind, data } of objects.filter((object) => object.kind === 'Secret')) {
    for (const value of Object.values(data as Readonly<Record<string, string>>).map((encoded) => Buffer.from(encoded, 'base64').toString())) {
      // Short values and addresses are no secrets, and the address is in the resource itself.
      if (value.length > 8 && !value.includes('127.0.0.1:')) expect({ kind, leaked: text.includes(value) }).toEqual({ kind, leaked: false });
    }
  }
}

/** The pod of the predictor, as the Deployment would make it. */
function podOf(children: readonly KubeObject[], namespace: string): KubeObject {
  const deployment = children.find(({ kind }) => kind === 'Deployment') as { readonly spec: { readonly template: { readonly metadata: object; readonly spec: object } } } | undefined;
  if (!deployment) throw new Error('no Deployment was rendered');
  const { metadata, spec } = deployment.spec.template;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'iris', namespace }, spec: { ...spec, terminationGracePeriodSeconds: 0 } } as KubeObject;
}

interface ContainerState {
  readonly name: string;
  readonly state?: { readonly terminated?: { readonly exitCode: number; readonly message?: string }; readonly waiting?: { readonly reason?: string; readonly message?: string } };
  readonly lastState?: { readonly terminated?: { readonly exitCode: number; readonly message?: string } };
}

/** How the init container has ended, its last words included. */
async function fetched(namespace: string): Promise<unknown> {
  let ended: unknown;
  await until('the end of the storage initializer', async () => {
    const pod = await cluster.api.get({ apiVersion: 'v1', kind: 'Pod', name: 'iris', namespace });
    const status = pod?.['status'] as { readonly initContainerStatuses?: readonly ContainerState[] } | undefined;
    const { state, lastState } = status?.initContainerStatuses?.find(({ name }) => name === 'storage-initializer') ?? {};
    const { waiting } = state ?? {};
    ended = state?.terminated ?? lastState?.terminated ?? (waiting?.message ? waiting : undefined);
    return ended !== undefined;
  });
  return ended;
}
