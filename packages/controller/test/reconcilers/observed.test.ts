import type { ComponentStatus, InferenceService, KubeObject } from 'cdk8s-kserve/api';
import { withoutLostRevisions } from '../../src/reconcilers/observed';

function iris(predictor: ComponentStatus): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'models' },
    spec: { predictor: {} }, status: { components: { predictor, transformer: { latestRolledoutRevision: 'iris-transformer-00001' } } },
  } as InferenceService;
}

function knativeService(name: string, revisions: number): KubeObject {
  const status = revisions === 0 ? {} : { latestCreatedRevisionName: `${name}-0000${revisions}` };
  return { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name, namespace: 'models' }, status };
}

const transformer = knativeService('iris-transformer', 1);

describe('what a status remembers of revisions', () => {
  it.each([
    ['the Knative Service is gone', [transformer], undefined],
    ['a new Knative Service has no revision yet', [transformer, knativeService('iris-predictor', 0)], undefined],
    ['a new Knative Service has not counted that far', [transformer, knativeService('iris-predictor', 2)], undefined],
    ['the revision can be there', [transformer, knativeService('iris-predictor', 5)], 'iris-predictor-00004'],
    ['only a Service of Kubernetes has the name', [transformer, { ...knativeService('iris-predictor', 5), apiVersion: 'v1' }], undefined],
  ])('%s', (_what, children, expected) => {
    const { status } = withoutLostRevisions(iris({ latestRolledoutRevision: 'iris-predictor-00004' }), children);
    expect(status?.components?.predictor?.latestRolledoutRevision).toBe(expected);
    expect(status?.components?.transformer?.latestRolledoutRevision).toBe('iris-transformer-00001');
  });

  it('is of the Knative Service of a predictor with a name of its own', () => {
    const service = iris({ latestRolledoutRevision: 'iris-v2-predictor-00004' });
    const named = { ...service, spec: { predictor: { name: 'v2' } } } as InferenceService;
    expect(withoutLostRevisions(named, [transformer, knativeService('iris-v2-predictor', 5)])).toBe(named);
    const { status } = withoutLostRevisions(named, [transformer, knativeService('iris-predictor', 5)]);
    expect(status?.components?.predictor?.latestRolledoutRevision).toBeUndefined();
  });

  it('is left as it is where nothing is lost', () => {
    const service = iris({});
    expect(withoutLostRevisions(service, [transformer])).toBe(service);
  });
});
