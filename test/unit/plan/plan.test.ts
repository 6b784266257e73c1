import type { InferenceService, KubeObject } from '../../../src/api';
import { planChildren, planResources, projectLive, renderResources } from '../../../src/plan';
import { worldOf } from '../../../src/render';

function service(mode: string, predictor: object = {}, model: object = {}): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name: 'iris', namespace: 'ns', annotations: { 'serving.kserve.io/deploymentMode': mode } },
    spec: { predictor: { ...predictor, model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris', ...model } } },
  } as InferenceService;
}

const rendered = (...services: readonly InferenceService[]): ReturnType<typeof renderResources> => renderResources(services, worldOf());
const plan = (before: readonly InferenceService[], after: readonly InferenceService[]): ReturnType<typeof planResources> => planResources(rendered(...before), rendered(...after));

describe('planResources', () => {
  it('finds no change between equals', () => {
    expect(plan([service('RawDeployment')], [service('RawDeployment')]).summary).toEqual({ added: 0, changed: 0, removed: 0, restartedPods: 0 });
  });

  it('counts the pods that a new model restarts: as many as the autoscaler keeps', () => {
    const { resources, summary } = plan([service('RawDeployment', { minReplicas: 3 })], [service('RawDeployment', { minReplicas: 3 }, { storageUri: 's3://m/iris/v2' })]);
    expect(summary).toEqual({ added: 0, changed: 1, removed: 0, restartedPods: 3 });
    expect(resources[0]?.changes).toEqual([
      expect.objectContaining({
        action: 'change', kind: 'Deployment',
        fields: [{ path: 'spec.template.spec.initContainers[name=storage-initializer].args[0]', before: 's3://m/iris', after: 's3://m/iris/v2' }],
        restart: { pods: 3, because: expect.stringContaining('the pod template changes') as string },
      }),
    ]);
  });

  it('does not call a change of bounds a restart', () => {
    const { summary, resources } = plan([service('RawDeployment')], [service('RawDeployment', { maxReplicas: 9 })]);
    expect(summary).toMatchObject({ changed: 1, restartedPods: 0 });
    expect(resources[0]?.changes[0]).toMatchObject({ kind: 'HorizontalPodAutoscaler', fields: [{ path: 'spec.maxReplicas', before: 1, after: 9 }] });
  });

  it('tells that a serverless change makes a revision', () => {
    const { resources } = plan([service('Serverless')], [service('Serverless', {}, { env: [{ name: 'A', value: '1' }] })]);
    expect(resources[0]?.changes[0]?.restart).toEqual({ pods: 1, because: expect.stringContaining('a new revision is made') as string });
  });

  it('shows a switch of modes as what it is: other children', () => {
    const { summary } = plan([service('RawDeployment')], [service('Serverless')]);
    expect(summary).toMatchObject({ added: 1, removed: 5 });
  });

  it('removes the children of a service that goes', () => expect(plan([service('RawDeployment')], []).summary).toMatchObject({ added: 0, removed: 5 }));

  it('keeps the children of a service that can no longer be rendered', () => {
    const { summary, resources } = plan([service('RawDeployment')], [service('RawDeployment', {}, { modelFormat: { name: 'none' } })]);
    expect(summary).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect(resources[0]?.problems).toHaveLength(1);
  });
});

describe('projectLive', () => {
  const wanted: KubeObject = {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', labels: { a: '1' } },
    spec: { template: { spec: { containers: [{ name: 'server', image: 'x', env: [{ name: 'A', value: '1' }] }] } } },
  };

  it('leaves out what the server and other managers added', () => {
    const live: KubeObject = {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', uid: 'u', labels: { a: '1', injected: 'x' } },
      spec: {
        replicas: 4, progressDeadlineSeconds: 600,
        template: { spec: { dnsPolicy: 'ClusterFirst', containers: [{ name: 'sidecar', image: 's' }, { name: 'server', image: 'x', terminationMessagePath: '/dev/termination-log', env: [{ name: 'A', value: '1' }] }] } },
      },
      status: { replicas: 4 },
    };
    expect(planChildren([projectLive(live, wanted)], [wanted])).toEqual([]);
  });

  it('keeps what differs', () => {
    const live: KubeObject = { ...wanted, spec: { template: { spec: { containers: [{ name: 'server', image: 'old', env: [{ name: 'A', value: '1' }] }] } } } };
    expect(planChildren([projectLive(live, wanted)], [wanted])[0]?.fields).toEqual([{ path: 'spec.template.spec.containers[name=server].image', before: 'old', after: 'x' }]);
  });
});
