import type { InferenceService, InferenceServiceStatus, KubeObject } from '../../../src/api';
import { render, worldOf, type RenderResult } from '../../../src/render';
import { computeStatus, type ChildRefusal } from '../../../src/status';

const NOW = '2026-01-02T03:04:05Z';

function service(mode: string, more: Partial<InferenceService['spec']> = {}, annotations: Record<string, string> = {}): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'iris', namespace: 'ns', generation: 1, annotations: { 'serving.kserve.io/deploymentMode': mode, ...annotations } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://m/iris' } }, ...more },
  };
}

const transformer = { containers: [{ name: 'kserve-container', image: 'my/transformer:1' }] };
const world = worldOf({ apis: new Set(['gateway.networking.k8s.io/v1', 'serving.knative.dev/v1']) });

/** The children as a cluster shows them when all is well, but for those named. */
function healthy(rendered: RenderResult, broken: readonly string[] = []): readonly KubeObject[] {
  return rendered.children.filter((c) => ['Deployment', 'Service', 'HTTPRoute', 'Ingress'].includes(c.kind)).map((child) => {
    const bad = broken.includes(child.metadata.name);
    const says = (type: string): object => ({ type, status: bad ? 'False' : 'True', ...(bad ? { reason: 'Broken', message: `${child.metadata.name} is broken` } : {}) });
    if (child.kind === 'Deployment') return { ...child, status: { observedGeneration: 1, availableReplicas: bad ? 0 : 1, conditions: [says('Available'), { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }] } };
    if (child.apiVersion.startsWith('serving.knative.dev/')) return { ...child, status: { observedGeneration: 1, conditions: ['Ready', 'RoutesReady', 'ConfigurationsReady'].map(says) } };
    return child.kind === 'HTTPRoute' ? { ...child, status: { parents: [{ conditions: [{ type: 'Accepted', status: 'True' }] }] } } : child;
  });
}

function statusOf(isvc: InferenceService, options: { readonly broken?: readonly string[]; readonly pods?: readonly KubeObject[]; readonly refused?: readonly ChildRefusal[]; readonly absent?: readonly string[]; readonly world?: typeof world } = {}): InferenceServiceStatus {
  const rendered = render(isvc, options.world ?? world);
  return computeStatus({ service: isvc, rendered, children: healthy(rendered, options.broken).filter((c) => !options.absent?.includes(c.metadata.name)), pods: options.pods ?? [], refused: options.refused ?? [], now: NOW });
}

function of(status: InferenceServiceStatus, type: string): string {
  const found = status.conditions?.find((c) => c.type === type);
  return found ? [found.status, found.reason, found.message].filter(Boolean).join(' ') : 'absent';
}

describe.each(['RawDeployment', 'Serverless'])('a service with a transformer in mode %s', (mode) => {
  it('is ready when both components are', () => {
    const status = statusOf(service(mode, { transformer }));
    expect([of(status, 'Ready'), of(status, 'PredictorReady').slice(0, 4), of(status, 'TransformerReady').slice(0, 4), of(status, 'ExplainerReady')]).toEqual(['True', 'True', 'True', 'absent']);
    expect(Object.keys(status.components ?? {})).toEqual(['predictor', 'transformer']);
  });

  it('is not ready while the transformer is broken, and says which it is', () => {
    const status = statusOf(service(mode, { transformer }), { broken: ['iris-transformer'] });
    expect(of(status, 'PredictorReady')).toMatch(/^True/);
    for (const type of ['TransformerReady', 'Ready']) expect(of(status, type)).toBe('False Broken iris-transformer is broken');
  });

  it('drops the condition with the component', () => {
    const before = statusOf(service(mode, { transformer }));
    expect(of(statusOf({ ...service(mode), status: before }), 'TransformerReady')).toBe('absent');
  });
});

describe('the cause of a component\'s failure', () => {
  const pod = (component: string): KubeObject => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name: `p-${component}`, namespace: 'ns', labels: { component, app: `isvc.iris-${component}` } },
    status: { containerStatuses: [{ name: 'kserve-container', state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }] },
  });

  it('is taken from the pods of that component only', () => {
    const status = statusOf(service('RawDeployment', { transformer }), { broken: ['iris-transformer', 'iris-predictor'], pods: [pod('transformer')] });
    expect(of(status, 'TransformerReady')).toBe('False ImagePullBackOff no such image');
    expect(of(status, 'PredictorReady')).toBe('False Broken iris-predictor is broken');
    expect(status.modelStatus?.transitionStatus).toBe('InProgress');
  });

  it('may be that a child was refused', () => {
    const child = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris-transformer', namespace: 'ns' };
    const status = statusOf(service('RawDeployment', { transformer }), { refused: [{ child, message: 'quota' }], absent: ['iris-transformer'] });
    expect(of(status, 'TransformerReady')).toBe('False ReconcileFailed Deployment iris-transformer: quota');
    expect(of(status, 'PredictorReady')).toMatch(/^True/);
    expect(of(status, 'Progressing')).toBe('False ReconcileFailed Deployment iris-transformer: quota');
  });

  it.each([
    ['a Deployment that answers as an earlier spec made it', { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris-predictor', namespace: 'ns' }],
    ['a scaler, which no request passes', { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'iris-predictor', namespace: 'ns' }],
  ])('is told and leaves a service Ready when it is a refused change of %s', (_what, child) => {
    const status = statusOf(service('RawDeployment'), { refused: [{ child, message: 'quota' }] });
    expect([of(status, 'Ready'), of(status, 'Servable')]).toEqual(['True', 'True']);
    expect(of(status, 'PredictorReady')).toBe(`True ReconcileFailed ${child.kind} iris-predictor: quota`);
    expect(of(status, 'Progressing')).toBe(`False ReconcileFailed ${child.kind} iris-predictor: quota`);
  });
});

describe('a canary', () => {
  const canary = { canary: [{ predictor: { name: 'next', model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://m/next' } }, trafficPercent: 10 }] };

  it('that is not available is told, and does not make the service less ready', () => {
    const status = statusOf(service('RawDeployment', canary), { broken: ['iris-next-predictor'] });
    expect(of(status, 'CanaryPredictorReady')).toBe('False CanariesNotReady not available, so without traffic: iris-next-predictor');
    expect(of(status, 'Ready')).toBe('True');
  });

  it('that is available is told too', () => {
    expect(of(statusOf(service('RawDeployment', canary)), 'CanaryPredictorReady')).toBe('True AllCanariesReady');
  });

  it('is on record with its share and whether it answers, for as long as the spec has it', () => {
    expect(statusOf(service('RawDeployment', canary)).canaryStatuses).toEqual([{ name: 'next', ready: true, trafficPercent: 10 }]);
    expect(statusOf(service('RawDeployment', { ...canary, transformer }), { broken: ['iris-next-transformer'] }).canaryStatuses).toEqual([{ name: 'next', ready: false, trafficPercent: 10 }]);
    expect(statusOf(service('RawDeployment')).canaryStatuses).toBeUndefined();
  });

  it.each([
    ['that nobody mirrors to', { ...canary, shadow: true }, { ...world, gateway: { className: 'any', features: new Set(['HTTPRoute']) } }, 0],
    ['that is mirrored to', { ...canary, shadow: true }, world, 10],
    ['that does not answer yet', canary, { ...world, observed: { unavailable: new Set(['iris-next-predictor']) } }, 0],
    ['of a service without routes', canary, { ...world, config: { ...world.config, ingress: { ...world.config.ingress, disableIngressCreation: true } } }, 0],
  ])('%s has the share on record that routes give it', (_which, spec, where, trafficPercent) => {
    expect(statusOf(service('RawDeployment', spec), { world: where }).canaryStatuses).toEqual([{ name: 'next', ready: true, trafficPercent }]);
  });

  it('does not lend its failures to the stable version', () => {
    const crashed: KubeObject = {
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'c', namespace: 'ns', labels: { component: 'predictor', app: 'isvc.iris-next-predictor' } },
      status: { containerStatuses: [{ name: 'kserve-container', state: { terminated: { exitCode: 1, message: 'bad model' } } }] },
    };
    expect(statusOf(service('RawDeployment', canary), { broken: ['iris-next-predictor'], pods: [crashed] }).modelStatus?.transitionStatus).toBe('UpToDate');
  });
});

describe('pods of a serverless service', () => {
  it('count where they are of the latest revision', () => {
    const isvc = service('Serverless');
    const rendered = render(isvc, world);
    const children = healthy(rendered, []).map((child) => ({ ...child, status: { ...(child['status'] as object), latestCreatedRevisionName: 'iris-predictor-00002' } }));
    const pod = (revision: string, status: object): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `p-${revision}`, namespace: 'ns', labels: { component: 'predictor', 'serving.knative.dev/revision': `iris-predictor-${revision}` } }, status });
    const broken = pod('00001', { phase: 'Pending', containerStatuses: [{ name: 'kserve-container', state: { waiting: { reason: 'ImagePullBackOff' } } }] });
    const ready = pod('00002', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
    const status = computeStatus({ service: isvc, rendered, children, pods: [broken, ready], now: NOW });
    expect(status.modelStatus?.copies).toEqual({ failedCopies: 0, totalCopies: 1 });
  });
});

describe('a stopped service', () => {
  it('says that it is stopped, and has neither an address nor the revisions, which went with Knative\'s Service', () => {
    const running = { url: 'http://x', components: { predictor: { url: 'http://x', latestRolledoutRevision: 'r1' } } };
    const status = statusOf({ ...service('Serverless', { transformer }, { 'serving.kserve.io/stop': 'true' }), status: running });
    expect(of(status, 'Stopped')).toBe('True');
    for (const type of ['PredictorReady', 'TransformerReady', 'IngressReady', 'Ready']) expect(of(status, type)).toBe('False Stopped the stop annotation is true');
    expect(status.components).toEqual({});
    expect(status.url).toBeUndefined();
  });
});

describe('a service behind an Ingress', () => {
  it('is ready when the Ingress is there', () => {
    const config = { ...world.config, ingress: { ...world.config.ingress, enableGatewayApi: false } };
    expect(of(statusOf(service('RawDeployment'), { world: { ...world, config } }), 'IngressReady')).toBe('True');
    const rendered = render(service('RawDeployment'), { ...world, config });
    const missing = computeStatus({ service: service('RawDeployment'), rendered, children: [], pods: [], now: NOW });
    expect(of(missing, 'IngressReady')).toBe('False RouteMissing Ingress iris does not exist yet');
  });
});
