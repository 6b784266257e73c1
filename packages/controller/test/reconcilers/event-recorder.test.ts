import type { Condition, InferenceService, InferenceServiceStatus, KubeObject } from 'cdk8s-kserve/api';
import { silentLog } from '../../src/engine/log';
import type { KubeApi } from '../../src/kube/kube-api';
import { EventRecorder } from '../../src/reconcilers/event-recorder';
import { FakeClock } from '../support/fake-clock';

const service: InferenceService = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ns', uid: 'u1' }, spec: { predictor: {} } };

function status(ready: Condition['status'], reason = '', message = '', model: 'InProgress' | 'BlockedByFailedLoad' = 'InProgress'): InferenceServiceStatus {
  return { conditions: [{ type: 'Ready', status: ready, reason, message, lastTransitionTime: '' }], modelStatus: { transitionStatus: model, ...(model === 'InProgress' ? {} : { lastFailureInfo: { reason: 'ModelLoadFailed', message: 'bad model' } }) } };
}

function recorder(fail = false): { readonly recorder: EventRecorder; readonly created: KubeObject[]; readonly patches: object[]; readonly clock: FakeClock } {
  const created: KubeObject[] = [];
  const patches: object[] = [];
  const clock = new FakeClock();
  const api = {
    create: (object: KubeObject) => (fail ? Promise.reject(new Error('no')) : Promise.resolve(void created.push(object)).then(() => object)),
    mergePatch: (_ref: unknown, patch: object) => Promise.resolve(void patches.push(patch)).then(() => service as KubeObject),
  } as Partial<KubeApi> as KubeApi;
  return { recorder: new EventRecorder(api, clock, silentLog), created, patches, clock };
}

describe('events', () => {
  it.each<[string, InferenceServiceStatus | undefined, InferenceServiceStatus, string | undefined]>([
    ['becoming ready', status('False', 'Starting'), status('True'), 'Normal InferenceServiceReady the service is ready'],
    ['staying ready', status('True'), status('True'), undefined],
    ['a start that takes its course', undefined, status('False', 'MinimumReplicasUnavailable', 'wait'), undefined],
    ['ceasing to be ready', status('True'), status('False', 'OOMKilled', 'memory'), 'Warning InferenceServiceNotReady OOMKilled: memory'],
    ['a model that does not load', status('False', 'Starting'), status('False', 'ModelLoadFailed', 'bad pickle', 'BlockedByFailedLoad'), 'Warning ModelLoadFailed bad pickle'],
    ['the same failure again', status('False', 'X', 'y', 'BlockedByFailedLoad'), status('False', 'X', 'y', 'BlockedByFailedLoad'), undefined],
    ['a next version that fails while the old one answers', status('True'), status('True', '', '', 'BlockedByFailedLoad'), 'Warning ModelLoadFailed bad model'],
    ['the same again', status('True', '', '', 'BlockedByFailedLoad'), status('True', '', '', 'BlockedByFailedLoad'), undefined],
    ['a deadline that passes while the old version answers', status('True'), { conditions: [...(status('True').conditions ?? []), { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'late', lastTransitionTime: '' }] }, 'Warning ProgressDeadlineExceeded late'],
    ['being settled', status('True'), { conditions: [...(status('True').conditions ?? []), { type: 'Progressing', status: 'False', reason: 'Settled', lastTransitionTime: '' }] }, undefined],
    ['a stop', status('True'), status('False', 'Stopped', 'the stop annotation is true'), 'Normal Stopped the stop annotation is true'],
  ])('%s', async (_what, before, after, expected) => {
    const { recorder: events, created } = recorder();
    await events.statusChanged(service, before, after);
    expect(created.map((e) => [e['type'], e['reason'], e['message']].map(String).join(' '))).toEqual(expected === undefined ? [] : [expected]);
  });

  it('are about the service', async () => {
    const { recorder: events, created } = recorder();
    await events.statusChanged(service, undefined, status('True'));
    expect(created[0]).toMatchObject({ metadata: { namespace: 'ns' }, involvedObject: { kind: 'InferenceService', name: 'iris', uid: 'u1' }, count: 1 });
  });

  it('are counted, not repeated, while a service flaps', async () => {
    const { recorder: events, created, patches, clock } = recorder();
    for (let i = 0; i < 3; i++) {
      await events.statusChanged(service, status('True'), status('False', 'X', 'y'));
      await clock.advance(1_000);
    }
    expect(created).toHaveLength(1);
    expect(patches).toEqual([{ count: 2, lastTimestamp: '1970-01-01T00:00:01Z' }, { count: 3, lastTimestamp: '1970-01-01T00:00:02Z' }]);
    await clock.advance(600_000);
    await events.statusChanged(service, status('True'), status('False', 'X', 'y'));
    expect(created).toHaveLength(2);
  });

  it('that cannot be written do no harm', async () => {
    await expect(recorder(true).recorder.statusChanged(service, undefined, status('True'))).resolves.toBeUndefined();
  });
});
