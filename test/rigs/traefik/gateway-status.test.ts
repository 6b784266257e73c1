import { SERVING_RUNTIME_API } from 'cdk8s-kserve/api';
import { condition, irisRef } from '../../e2e/controller/support/iris';
import { until } from '../../support/until';
import { describeOnTraefik } from './support/on-traefik';
import { FLOWER, hostOf, irisWith, model, ONE_ANSWER, VERSION_1, VERSION_2 } from './support/rig';
import { gateway, GATEWAY } from './support/traefik';

const MISSING = /^False GatewayMissing HTTPRoute iris-predictor: Gateway kserve\/kserve-ingress-gateway does not exist: create it/;
/** Of the router's stand-in. */
const ROUTER = { image: ONE_ANSWER.image, cpuRequest: '100m', cpuLimit: '1', memoryRequest: '100Mi', memoryLimit: '1Gi' };

describeOnTraefik('what Traefik says of routes', (on) => {
  test('without its gateway a service is not Ready and names it; then it is', async () => {
    await on.rig.cluster.api.delete(GATEWAY);
    await on.rig.cluster.api.create(irisWith(VERSION_1, on.namespace));
    const waiting = await on.rig.cluster.eventually(irisRef(on.namespace), 'has a pod', (s) => condition(s, 'PredictorReady')?.startsWith('True') === true);
    expect(condition(waiting, 'Ready')).toMatch(MISSING);
    await on.rig.cluster.api.create(gateway(on.rig.port));
    await answers();
  });

  // Traefik leaves `Accepted` on the routes of a Gateway that goes.
  test('a Gateway that is deleted takes Ready away, and brings it back with it', async () => {
    await on.rig.cluster.api.delete(GATEWAY);
    const waiting = await on.rig.cluster.eventually(irisRef(on.namespace), 'is not ready', (s) => condition(s, 'Ready')?.startsWith('False') === true);
    expect(condition(waiting, 'Ready')).toMatch(MISSING);
    expect(condition(waiting, 'Servable')).toMatch(/^False GatewayMissing/);
    await until('it does not answer', async () => (await on.rig.predict(on.host)).status === 404);
    await on.rig.cluster.api.create(gateway(on.rig.port));
    await answers();
  });

  test('one of a class that nobody serves is waited for', async () => {
    await on.rig.cluster.api.delete(GATEWAY);
    const orphan = gateway(on.rig.port);
    await on.rig.cluster.api.create({ ...orphan, spec: { ...(orphan['spec'] as object), gatewayClassName: 'nobodys' } });
    const waiting = await on.rig.cluster.eventually(irisRef(on.namespace), 'is not ready', (s) => condition(s, 'Ready')?.startsWith('Unknown') === true);
    expect(condition(waiting, 'Ready')).toMatch(/^Unknown GatewayPending HTTPRoute iris-predictor: .* GatewayClass nobodys/);
    await on.rig.cluster.api.delete(GATEWAY);
    await on.rig.cluster.api.create(gateway(on.rig.port));
    await answers();
  });

  async function answers(): Promise<void> {
    await on.rig.cluster.eventually(irisRef(on.namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    await until('it answers', async () => (await on.rig.predict(on.host)).status === 200);
  }

  async function listen(change: object): Promise<void> {
    const spec = gateway(on.rig.port)['spec'] as { readonly listeners: readonly object[] };
    await on.rig.cluster.api.mergePatch(GATEWAY, { spec: { ...spec, listeners: spec.listeners.map((listener) => ({ ...listener, ...change })) } });
  }

  test.each([
    ['namespaces that are not admitted', { allowedRoutes: { namespaces: { from: 'Same' } } }, /^False NotAllowedByListeners HTTPRoute iris(-predictor)?: .*Gateway kserve\/kserve-ingress-gateway.*allowedRoutes/],
    ['another host name', { hostname: '*.example.org' }, /^False NoMatchingListenerHostname HTTPRoute iris(-predictor)?: .*ingress\.ingressDomain/],
  ])('a listener for %s takes Ready away and says why', async (_name, change, expected) => {
    await listen(change);
    const refused = await on.rig.cluster.eventually(irisRef(on.namespace), 'is refused', (s) => condition(s, 'Ready')?.startsWith('False') === true);
    expect(condition(refused, 'IngressReady')).toMatch(expected);
    expect(condition(refused, 'Ready')).toMatch(expected);
    expect(condition(refused, 'PredictorReady')).toMatch(/^True/);
    await until('it does not answer', async () => (await on.rig.predict(on.host)).status === 404);
    await listen({});
    await answers();
  });

  // Traefik 3.6 answers 500 on every route with a filter that it does not know, and its GatewayClass tells which those are.
  test('a shadow that Traefik cannot mirror to gets nothing, says so and breaks no answer', async () => {
    const load = on.load();
    try {
      await on.edit({ spec: { shadow: true, canary: [{ trafficPercent: 100, predictor: { name: 'next', ...model(VERSION_2) } }] } });
      const ready = await on.rig.cluster.eventually(irisRef(on.namespace), 'has its shadow', (s) => condition(s, 'CanaryPredictorReady')?.startsWith('True') === true);
      expect(condition(ready, 'CanaryMirrored')).toMatch(/^False MirrorUnsupported .*GatewayClass traefik does not support HTTPRouteRequestMirror/);
      expect(condition(ready, 'Ready')).toBe('True');
      // Longer than Traefik takes to take a route over.
      for (let i = 0; i < 5; i++) expect([...(await load.next(200)).keys()]).toEqual([VERSION_1.answer]);
      await on.edit({ spec: { shadow: null, canary: null } });
      await on.rig.cluster.eventually(irisRef(on.namespace), 'says no more of it', (s) => condition(s, 'CanaryMirrored') === undefined);
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
  });

  test('a service that becomes local to the cluster has no route, and gets it back', async () => {
    const label = (value: string | null): Promise<unknown> => on.edit({ metadata: { labels: { 'networking.kserve.io/visibility': value } } });
    await label('cluster-local');
    await on.untilChildren('it has no route', (children) => !children.some((child) => child.startsWith('HTTPRoute')));
    await until('it does not answer', async () => (await on.rig.predict(on.host)).status === 404);
    const local = await on.rig.cluster.eventually(irisRef(on.namespace), 'is ready', (s) => condition(s, 'Ready') === 'True');
    expect((local['status'] as { readonly url?: string }).url).toBeUndefined();
    await label(null);
    await answers();
  });

  test('a graph answers at its own host', async () => {
    const graph = { apiVersion: SERVING_RUNTIME_API, kind: 'InferenceGraph', name: 'flowers', namespace: on.namespace };
    await on.rig.cluster.api.create({
      apiVersion: graph.apiVersion, kind: graph.kind,
      metadata: { name: graph.name, namespace: on.namespace, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
      spec: { nodes: { root: { routerType: 'Sequence', steps: [{ serviceName: 'iris' }] } } },
    });
    await on.rig.cluster.eventually(graph, 'is ready', (g) => condition(g, 'Ready') === 'True');
    await until('the router answers', async () => (await on.rig.ask(hostOf(on.namespace, 'flowers'), '/', { body: FLOWER })).body === ONE_ANSWER.answer);
    await on.rig.cluster.api.delete(graph);
    await on.rig.cluster.gone({ ...graph, apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' });
  });
}, { config: { router: ROUTER } });
