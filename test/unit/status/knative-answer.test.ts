import type { InferenceService, InferenceServiceStatus, KubeObject } from '../../../src/api';
import { render, worldOf } from '../../../src/render';
import { computeStatus } from '../../../src/status';

const WORLD = worldOf({ apis: new Set(['serving.knative.dev/v1']) });

interface Says {
  readonly configurations?: string;
  readonly routes?: string;
  /** Of the route, when it is not True. */
  readonly reason?: string;
  readonly latest?: number;
  /** Shares by revision. */
  readonly shares?: Readonly<Record<number, number>>;
  /** Knative has not looked at the last edit. */
  readonly unseen?: boolean;
  readonly createdAt?: string;
}

const revision = (n: number): string => `iris-predictor-0000${n}`;

function ksvc({ configurations = 'True', routes = 'True', reason = 'TrafficNotMigrated', latest = 1, shares = { 1: 100 }, unseen = false, createdAt = '2026-01-01T00:00:00Z' }: Says): KubeObject {
  const ready = [configurations, routes].includes('False') ? 'False' : [configurations, routes].includes('Unknown') ? 'Unknown' : 'True';
  const says = (type: string, status: string, why: string): object => ({ type, status, ...(status === 'True' ? {} : { reason: why, message: `${why} it is` }) });
  const traffic = Object.entries(shares).map(([n, percent]) => ({ revisionName: revision(Number(n)), percent, latestRevision: Number(n) === latest || Object.keys(shares).length === 1 }));
  return {
    apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace: 'ns', generation: unseen ? 2 : 1, creationTimestamp: createdAt },
    status: {
      observedGeneration: 1, latestCreatedRevisionName: revision(latest), latestReadyRevisionName: traffic.at(-1)?.revisionName, traffic,
      conditions: [says('ConfigurationsReady', configurations, 'RevisionFailed'), says('RoutesReady', routes, reason), says('Ready', ready, configurations === 'True' ? reason : 'RevisionFailed')],
    },
  };
}

function pod(n: number, state: 'ready' | 'starting' | 'failing'): KubeObject {
  const waiting = { name: 'kserve-container', ready: false, state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } };
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${n}`, namespace: 'ns', labels: { component: 'predictor', 'serving.knative.dev/revision': revision(n) } },
    status: { conditions: [{ type: 'Ready', status: state === 'ready' ? 'True' : 'False' }], ...(state === 'failing' ? { containerStatuses: [waiting] } : {}) },
  };
}

/** What the status says after each look of the controller, one after the other. */
class Life {
  private status: InferenceServiceStatus | undefined;
  private at = 0;

  see(says: Says | undefined, pods: readonly KubeObject[] = []): string {
    const service: InferenceService = {
      apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ns', generation: 1, annotations: { 'serving.kserve.io/deploymentMode': 'Serverless' } },
      spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://m/iris' } } }, ...(this.status ? { status: this.status } : {}),
    };
    const now = `2026-01-01T00:0${++this.at}:00Z`;
    this.status = computeStatus({ service, rendered: render(service, WORLD), children: says ? [ksvc(says)] : [], pods, now });
    return ['Ready', 'Servable'].map((type) => this.of(type).split(' ')[0]).join(' ');
  }

  of(type: string): string {
    const { status, reason, message } = this.status?.conditions?.find((c) => c.type === type) ?? {};
    return [status, reason, message].filter(Boolean).join(' ');
  }

  get model(): string {
    const { transitionStatus, states, lastFailureInfo } = this.status?.modelStatus ?? {};
    return [transitionStatus, states?.activeModelState, states?.targetModelState, lastFailureInfo?.message].filter(Boolean).join(' ');
  }
}

describe('a transformer that a serverless service gets', () => {
  const isvc = (status?: InferenceServiceStatus): InferenceService => ({
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ns', generation: 1, annotations: { 'serving.kserve.io/deploymentMode': 'Serverless' } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://m/iris' } }, transformer: { containers: [{ name: 'kserve-container', image: 'my/t:1' }] } }, ...(status ? { status } : {}),
  });
  const transformer = (says: Says): KubeObject => ({ ...ksvc(says), metadata: { ...ksvc(says).metadata, name: 'iris-transformer' } });
  const look = (says: Says, status?: InferenceServiceStatus, more: readonly KubeObject[] = []): InferenceServiceStatus => computeStatus({ service: isvc(status), rendered: render(isvc(status), WORLD), children: [ksvc({}), transformer(says), ...more], pods: [], now: '2026-01-01T00:00:00Z' });
  const of = ({ conditions = [], address }: InferenceServiceStatus): readonly unknown[] => [...['Ready', 'Servable', 'TransformerReady'].map((type) => conditions.find((c) => c.type === type)?.status), address?.url];
  const failing: Says = { configurations: 'False', routes: 'False', reason: 'RevisionMissing', shares: {} };
  const predictor = { address: { url: 'http://iris-predictor.ns.svc.cluster.local' } };

  it('is passed by until it answers: the published address stays the predictor\'s', () => {
    expect(of(look(failing, predictor))).toEqual(['True', 'True', 'False', predictor.address.url]);
    expect(of(look({ routes: 'Unknown', reason: 'IngressNotConfigured' }, predictor))).toEqual(['True', 'True', 'Unknown', predictor.address.url]);
  });

  it('is passed by whatever a route of raw mode says that is on its way out', () => {
    const route = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'iris', namespace: 'ns' }, spec: { rules: [{ backendRefs: [{ name: 'iris-transformer' }] }] } };
    expect(of(look(failing, predictor, [route]))).toEqual(['True', 'True', 'False', predictor.address.url]);
  });

  it('is on the way once it does, and stays there when it no longer does', () => {
    const up = look({}, predictor);
    expect(of(up)).toEqual(['True', 'True', 'True', 'http://iris-transformer.ns.svc.cluster.local']);
    expect(of(look(failing, up))).toEqual(['False', 'False', 'False', 'http://iris-transformer.ns.svc.cluster.local']);
  });

  it('is waited for when the service is new', () => expect(of(look(failing))).toEqual(['False', 'False', 'False', 'http://iris-transformer.ns.svc.cluster.local']));
});

it('a service on its way to raw mode is Ready by the revision that answers, whatever was said while its spec was not valid', () => {
  const stale = ['IngressReady', 'PredictorReady'].map((type) => ({ type, status: 'Unknown' as const, reason: 'InvalidPredictorSpec' }));
  const service: InferenceService = {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ns', generation: 1, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'pvc://m/iris' } } }, status: { conditions: stale },
  };
  const readyWith = (old: KubeObject): string | undefined => {
    const { conditions = [] } = computeStatus({ service, rendered: render(service, worldOf()), children: [old], serving: [old], pods: [], now: '2026-01-01T00:00:00Z' });
    return conditions.find((c) => c.type === 'Ready')?.status;
  };
  expect([readyWith(ksvc({})), readyWith(ksvc({ routes: 'Unknown' }))]).toEqual(['True', 'Unknown']);
});

describe('a serverless service', () => {
  const up = { routes: 'True', configurations: 'True' };

  it('is not Ready before a revision of it was, whatever its route says', () => {
    const life = new Life();
    expect(life.see(undefined)).toBe('Unknown False');
    expect(life.see({ configurations: 'Unknown', routes: 'Unknown', shares: {} })).toBe('Unknown False');
    // The traffic is assigned and the gateway does not know of it yet.
    expect(life.see({ routes: 'Unknown', reason: 'IngressNotConfigured' })).toBe('Unknown False');
    expect(life.see(up)).toBe('True True');
  });

  it('stays Ready while the next revision comes up and its route moves, and says that it is on its way', () => {
    const life = new Life();
    life.see(up);
    for (const moment of [
      { unseen: true },
      { configurations: 'Unknown', latest: 2 },
      { routes: 'Unknown', reason: 'TrafficNotMigrated', latest: 2 },
      { routes: 'Unknown', reason: 'RolloutInProgress', latest: 2, shares: { 1: 60, 2: 40 } },
      { routes: 'Unknown', reason: 'IngressNotConfigured', latest: 2, shares: { 2: 100 } },
    ]) {
      expect([moment, life.see(moment), life.of('Progressing'), life.model]).toEqual([moment, 'True True', 'True RollingOut Service iris-predictor is rolling out', 'InProgress Loaded Pending']);
    }
    expect([life.see({ latest: 2, shares: { 2: 100 } }), life.of('Progressing'), life.model]).toEqual(['True True', 'False Settled', 'UpToDate Loaded Loaded']);
  });

  it('stays Ready over a revision that fails, and tells of it', () => {
    const life = new Life();
    life.see(up);
    expect(life.see({ configurations: 'Unknown', latest: 2 }, [pod(1, 'ready'), pod(2, 'failing')])).toBe('True True');
    expect(life.model).toBe('BlockedByFailedLoad Loaded FailedToLoad no such image');
    expect(life.see({ configurations: 'False', latest: 2 })).toBe('True True');
    expect(life.of('PredictorReady')).toBe('True RevisionFailed iris-predictor-00001 answers: RevisionFailed it is');
    expect(life.of('Progressing')).toBe('False RevisionFailed RevisionFailed it is');
    expect(life.of('LatestDeploymentReady')).toBe('False RevisionFailed RevisionFailed it is');
    expect(life.model).toBe('BlockedByFailedLoad Loaded FailedToLoad RevisionFailed it is');
  });

  it('is not Ready when its first revision fails', () => {
    const life = new Life();
    expect(life.see({ configurations: 'False', routes: 'False', reason: 'RevisionMissing', shares: {} })).toBe('False False');
    expect(life.of('PredictorReady')).toBe('False RevisionFailed RevisionFailed it is');
  });

  it.each<[string, Says, readonly KubeObject[], string]>([
    ['only its pods fail', {}, [pod(1, 'failing')], 'False False'],
    ['one of its pods fails', {}, [{ ...pod(1, 'failing'), metadata: { ...pod(1, 'failing').metadata, name: 'other' } }, pod(1, 'ready')], 'True True'],
    ['it starts from zero', {}, [pod(1, 'starting')], 'True True'],
    ['Knative gave it up and has no pod of it', { configurations: 'False' }, [], 'False False'],
    ['Knative gave it up and a pod of it answers', { configurations: 'False', routes: 'False', reason: 'RevisionMissing' }, [pod(1, 'ready')], 'True True'],
    ['the route lost a revision that has no pod', { routes: 'False', reason: 'RevisionMissing', latest: 2, shares: { 1: 90, 2: 10 } }, [pod(2, 'ready')], 'False False'],
    ['the gateway refuses the route', { routes: 'False', reason: 'NotOwned' }, [pod(1, 'ready')], 'False False'],
  ])('that was up is as Ready as the revisions that get its requests: %s', (_what, says, pods, expected) => {
    const life = new Life();
    life.see(up);
    expect(life.see(says, pods)).toBe(expected);
  });

  it('comes back when the revision that Knative gave up answers after all', () => {
    const life = new Life();
    life.see(up);
    const given = { configurations: 'False', routes: 'False', reason: 'RevisionMissing' };
    expect([life.see(given), life.see(given, [pod(1, 'ready')])]).toEqual(['False False', 'True True']);
  });

  it.each([['seen', [undefined]], ['not seen', []]])('does not take the route of a Knative Service for that of one made anew, its deletion %s', (_what, gone) => {
    const life = new Life();
    life.see(up);
    for (const moment of gone) life.see(moment);
    expect(life.see({ routes: 'Unknown', reason: 'IngressNotConfigured', createdAt: '2026-01-01T00:02:30Z' })).toBe('Unknown False');
  });
});
