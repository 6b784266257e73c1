import { IsvcError } from 'cdk8s-kserve/api';
import { KubeApiError } from 'cdk8s-kserve-controller';
import { cluster, namespace } from './support/each-test';
import { condition, deploymentRef, iris, irisRef, makeChildrenReady, rawChildren } from './support/iris';
import type { Call, ObservedKubeApi } from './support/observed-kube-api';

const FAULTS = {
  'a conflict': () => new KubeApiError({ request: 'test', statusCode: 409, reason: 'Conflict', message: 'the object has been modified' }),
  'too many requests': () => new KubeApiError({ request: 'test', statusCode: 429, reason: 'TooManyRequests', details: { retryAfterSeconds: 0 } }),
  'an internal error': () => new KubeApiError({ request: 'test', statusCode: 500, reason: 'InternalError' }),
  'a lost connection': () => new IsvcError('ISVC_KUBE_UNREACHABLE', 'the API server does not answer'),
} as const;

/** The first call of each verb and kind fails. */
function failFirst(api: ObservedKubeApi, fault: () => Error, verbs: readonly Call['verb'][]): void {
  const failed = new Set<string>();
  api.before = ({ verb, kind, name }) => {
    const call = `${verb} ${kind} ${name}`;
    if (verbs.includes(verb) && !failed.has(call)) {
      failed.add(call);
      throw fault();
    }
  };
}

async function becomesReady(): Promise<void> {
  await cluster.api.create(iris(namespace));
  for (const ref of rawChildren(namespace)) {
    await cluster.eventually(ref, 'appears');
  }
  await makeChildrenReady(cluster.api, namespace);
  await cluster.eventually(irisRef(namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
}

describe('a service becomes ready', () => {
  test.each(Object.entries(FAULTS))('though every first write meets %s', async (_name, fault) => {
    const { api } = await cluster.controller({ namespaces: [namespace] });
    failFirst(api, fault, ['apply', 'replaceStatus', 'delete']);
    await becomesReady();
  });

  test('though discovery, lists and watches fail at the start', async () => {
    const { api, controller } = cluster.launch({ namespaces: [namespace] });
    failFirst(api, FAULTS['a lost connection'], ['discover', 'list', 'watch']);
    await controller.ready;
    await becomesReady();
  });

  test('though every watch breaks after each event', async () => {
    const { api } = await cluster.controller({ namespaces: [namespace] });
    let events = 0;
    api.dropWatch = () => events++ % 2 === 1;
    await becomesReady();
    expect(events).toBeGreaterThan(4);
  });

  test('though its status is changed by somebody else all the while', async () => {
    const { controller, api } = await cluster.controller({ namespaces: [namespace] });
    await becomesReady();
    const live = await cluster.api.get(irisRef(namespace));
    await cluster.api.replaceStatus({ ...(live ?? iris(namespace)), status: { url: 'http://elsewhere' } });
    await cluster.eventually(irisRef(namespace), 'is ready again', (s) => condition(s, 'Ready') === 'True');
    await cluster.quiet(controller, api);
  });
});

test('a prune that fails is done later', async () => {
  const { api } = await cluster.controller({ namespaces: [namespace] });
  await becomesReady();
  failFirst(api, FAULTS['an internal error'], ['delete']);
  await cluster.api.mergePatch(irisRef(namespace), { metadata: { annotations: { 'serving.kserve.io/autoscalerClass': 'none' } } });
  await cluster.gone({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'iris-predictor', namespace });
});

test('a server that never keeps what it is given is not written to for ever', async () => {
  const { api, controller } = await cluster.controller({ namespaces: [namespace] });
  // A mutating webhook, say: whatever we apply, the label comes out differently.
  const apply = api.apply.bind(api);
  api.apply = async (object, options) => {
    const applied = await apply(object, options);
    return object.kind === 'Deployment'
      ? cluster.api.mergePatch(deploymentRef(namespace), { metadata: { labels: { component: 'mutated' } } })
      : applied;
  };
  await cluster.api.create(iris(namespace));
  await cluster.eventually(deploymentRef(namespace), 'is mutated', (d) => d.metadata.labels?.['component'] === 'mutated');
  await cluster.quiet(controller, api);
  expect(api.writes.filter((w) => w === 'apply Deployment iris-predictor').length).toBeLessThanOrEqual(3);
});
