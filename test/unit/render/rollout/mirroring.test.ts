import { GATEWAY_API, type InferenceService, type KubeObject } from '../../../../src/api';
import { render, worldFromObjects, type RenderResult } from '../../../../src/render';

const MIRROR = 'HTTPRouteRequestMirror';
const SHARE = 'HTTPRouteRequestPercentageMirror';

function shadow(...percents: readonly number[]): InferenceService {
  const model = (version: number): object => ({ modelFormat: { name: 'sklearn' }, storageUri: `s3://models/iris/v${version}` });
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'iris', namespace: 'models', annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { predictor: { model: model(1) }, shadow: true, canary: percents.map((trafficPercent, i) => ({ trafficPercent, predictor: { name: `v${i + 2}`, model: model(i + 2) } })) },
  } as InferenceService;
}

function platform(supportedFeatures: readonly unknown[] | undefined, gatewayName = 'kserve-ingress-gateway'): readonly KubeObject[] {
  return [
    { apiVersion: GATEWAY_API, kind: 'Gateway', metadata: { name: gatewayName, namespace: 'kserve' }, spec: { gatewayClassName: 'traefik' } },
    { apiVersion: GATEWAY_API, kind: 'GatewayClass', metadata: { name: 'traefik' }, spec: {}, ...(supportedFeatures ? { status: { supportedFeatures } } : {}) },
  ];
}

function copies({ children }: RenderResult): number {
  return (JSON.stringify(children).match(/"type":"RequestMirror"/g) ?? []).length;
}

const named = (...names: readonly string[]): readonly object[] => names.map((name) => ({ name }));

test.each([
  ['its class can mirror a share', platform(named('HTTPRoute', MIRROR, SHARE)), [50]],
  ['its class can mirror every request, which is all it has to', platform(named(MIRROR)), [100]],
  ['its class says so in plain names', platform([MIRROR]), [100]],
])('a shadow gets its copies when %s', (_name, objects, percents) => {
  const result = render(shadow(...percents), worldFromObjects(objects).world);
  expect(result.problems).toEqual([]);
  expect(result.mirrorDoubt).toBeUndefined();
  expect(copies(result)).toBe(2); // The service's route and its predictor's.
});

const ABSENT = 'gateway kserve/kserve-ingress-gateway or its GatewayClass is not there, or may not be read';
const SILENT = 'GatewayClass traefik does not name its features (status.supportedFeatures)';

test.each([
  ['there is no gateway to ask', [], [50], ABSENT, `${MIRROR} and ${SHARE}`],
  ['the class is another gateway\'s', platform(named('HTTPRoute'), 'other'), [100], ABSENT, MIRROR],
  ['its class has no status', platform(undefined), [100], SILENT, MIRROR],
  ['its class says nothing yet', platform([]), [100, 50], SILENT, `${MIRROR} and ${SHARE} and HTTPRouteRequestMultipleMirrors`],
])('a shadow gets its copies when %s, and nobody claims that the gateway makes them', (_name, objects, percents, why, features) => {
  const result = render(shadow(...percents), worldFromObjects(objects).world);
  expect(result.problems).toEqual([]);
  expect(copies(result)).toBe(2 * percents.length);
  expect(result.mirrorDoubt).toBe(`${why}, so it is not known whether the shadow gets requests; look for ${features} in the documentation of the gateway, and take out spec.shadow where it lacks that`);
});

test.each([
  ['mirror', named('HTTPRoute'), [50], `${MIRROR} and ${SHARE}`],
  ['mirror a share', named(MIRROR), [50], SHARE],
  ['mirror to several', named(MIRROR), [100, 100], 'HTTPRouteRequestMultipleMirrors'],
])('a shadow of a gateway that cannot %s is left out of the routes, with a warning', (_name, features, percents, missing) => {
  const result = render(shadow(...percents), worldFromObjects(platform(features)).world);
  const mirroring = render(shadow(...percents), worldFromObjects([]).world);
  expect(result.problems).toEqual([{
    code: 'ISVC_RENDER_MIRROR', severity: 'warning', path: 'spec.shadow', message: `the shadow gets no requests: GatewayClass traefik does not support ${missing}`, hint: expect.any(String) as string,
  }]);
  expect(copies(result)).toBe(0);
  const others = ({ children }: RenderResult): readonly KubeObject[] => children.filter((c) => c.kind !== 'HTTPRoute');
  expect(others(result)).toEqual(others(mirroring));
  expect(result.decisions.find((d) => d.topic === 'canary')).toMatchObject({ choice: 'iris-v2-predictor gets no requests', because: expect.stringContaining(missing) as string });
});

test('a shadow of a service that is reached inside the cluster only is warned of where routes could split there', () => {
  const { metadata, ...service } = shadow(100);
  const hidden = { ...service, metadata: { ...metadata, labels: { 'networking.kserve.io/visibility': 'cluster-local' } } };
  const { world } = worldFromObjects(platform(named('HTTPRoute')));
  const splitting = { ...world, config: { ...world.config, ingress: { ...world.config.ingress, enableServiceRoutes: true } } };
  expect(render(hidden, splitting).problems).toMatchObject([{ code: 'ISVC_RENDER_MIRROR' }]);
  expect(render(hidden, world).problems).toEqual([]);
});

test('a canary with a share of the requests asks for nothing of the kind', () => {
  const { spec: { shadow: _, ...spec }, ...service } = shadow(20);
  for (const features of [named('HTTPRoute'), undefined]) {
    const { problems, mirrorDoubt } = render({ ...service, spec }, worldFromObjects(platform(features)).world);
    expect([problems, mirrorDoubt]).toEqual([[], undefined]);
  }
});
