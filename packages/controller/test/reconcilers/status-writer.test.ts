import type { InferenceService, InferenceServiceStatus, KubeObject } from 'cdk8s-kserve/api';
import { silentLog } from '../../src/engine/log';
import type { KubeApi } from '../../src/kube/kube-api';
import type { ClusterCache } from '../../src/reconcilers/cluster-cache';
import { StatusWriter } from '../../src/reconcilers/status-writer';
import { FakeClock } from '../support/fake-clock';

const WANTED: InferenceServiceStatus = { url: 'http://a', deploymentMode: 'Standard' };

function service(status?: object): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ml', resourceVersion: '5' },
    spec: { predictor: {} }, ...(status ? { status } : {}),
  };
}

/** A server that changes every status on its way in. */
function writerOn(server: (status: unknown) => object): { readonly clock: FakeClock; readonly writer: StatusWriter; readonly sent: KubeObject[]; readonly observed: KubeObject[] } {
  const sent: KubeObject[] = [];
  const observed: KubeObject[] = [];
  const api = {
    replaceStatus: (object: KubeObject) => {
      sent.push(object);
      return Promise.resolve({ ...object, status: server(object['status']) });
    },
  } as Partial<KubeApi> as KubeApi;
  const cache = { observe: (object: KubeObject) => observed.push(object) } as Partial<ClusterCache> as ClusterCache;
  const clock = new FakeClock();
  return { clock, writer: new StatusWriter({ api, cache, clock, log: silentLog, settleMs: 250 }), sent, observed };
}

describe('StatusWriter', () => {
  test('writes what is new, at the version it was computed from, and shows the answer to the cache', async () => {
    const { writer, sent, observed } = writerOn((status) => status as object);
    await writer.write(service({ url: 'http://old' }), WANTED);
    expect(sent[0]).toMatchObject({ metadata: { resourceVersion: '5' }, status: WANTED });
    expect(observed).toHaveLength(1);
  });

  test('writes nothing when the status already says so', async () => {
    const { writer, sent } = writerOn((status) => status as object);
    await writer.write(service(WANTED), WANTED);
    expect(sent).toEqual([]);
  });

  test('does not fight a CRD that defaults or prunes fields', async () => {
    const { writer, sent } = writerOn((status) => ({ ...(status as object), added: 'by a default' }));
    await writer.write(service(), WANTED);
    await writer.write(service({ ...WANTED, added: 'by a default' }), WANTED);
    expect(sent).toHaveLength(1);
    await writer.write(service({ ...WANTED, added: 'by a default' }), { ...WANTED, url: 'http://b' });
    expect(sent).toHaveLength(2);
    await writer.write(service({ url: 'edited by hand', added: 'by a default' }), { ...WANTED, url: 'http://b' });
    expect(sent).toHaveLength(3);
  });

  describe('gathers small steps', () => {
    const step = (ready: string, reason: string, generation = 1): InferenceServiceStatus => ({
      observedGeneration: generation, conditions: [{ type: 'Ready', status: ready as 'True', reason, lastTransitionTime: '' }],
    });

    test('a change that leaves Ready as it is waits for others, for a bounded time', async () => {
      const { writer, sent, clock } = writerOn((status) => status as object);
      expect(await writer.write(service(step('False', 'A')), step('False', 'B'))).toEqual({ type: 'settling', againInMs: 250 });
      await clock.advance(200);
      expect(await writer.write(service(step('False', 'A')), step('False', 'C'))).toEqual({ type: 'settling', againInMs: 50 });
      await clock.advance(50);
      expect(await writer.write(service(step('False', 'A')), step('False', 'D'))).toEqual({ type: 'written' });
      expect(sent.map((s) => s['status'])).toEqual([step('False', 'D')]);
    });

    test('words and counters of a service that goes on answering wait longer, and go along with what turns', async () => {
      const { writer, sent, clock } = writerOn((status) => status as object);
      const answering = (reason: string, totalCopies: number): InferenceServiceStatus => ({
        observedGeneration: 1, modelStatus: { transitionStatus: 'UpToDate', copies: { totalCopies, failedCopies: 0 } },
        conditions: [{ type: 'Progressing', status: 'True', reason, lastTransitionTime: '' }, { type: 'Ready', status: 'True', lastTransitionTime: '' }],
      });
      expect(await writer.write(service(answering('RollingOut', 1)), answering('RollingOut', 2))).toEqual({ type: 'settling', againInMs: 10_000 });
      await clock.advance(300);
      expect(await writer.write(service(answering('RollingOut', 1)), answering('Settled', 2))).toEqual({ type: 'written' });
      await writer.write(service(answering('Settled', 2)), answering('Settled', 1));
      await clock.advance(10_000);
      await writer.write(service(answering('Settled', 2)), answering('Settled', 1));
      expect(sent.map((s) => s['status'])).toEqual([answering('Settled', 2), answering('Settled', 1)]);
    });

    test.each<[string, InferenceServiceStatus | undefined, InferenceServiceStatus]>([
      ['the first status', undefined, step('Unknown', 'A')],
      ['a new generation', step('False', 'A', 1), step('False', 'A', 2)],
      ['becoming ready', step('False', 'A'), step('True', '')],
      ['ceasing to be ready', step('True', ''), step('Unknown', 'B')],
    ])('%s does not wait', async (_what, before, after) => {
      expect(await writerOn((status) => status as object).writer.write(service(before), after)).toEqual({ type: 'written' });
    });
  });
});
