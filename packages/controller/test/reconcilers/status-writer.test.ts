import type { InferenceService, InferenceServiceStatus, KubeObject } from 'cdk8s-kserve/api';
import { silentLog } from '../../src/engine/log';
import type { KubeApi } from '../../src/kube/kube-api';
import type { ClusterCache } from '../../src/reconcilers/cluster-cache';
import { StatusWriter } from '../../src/reconcilers/status-writer';

const WANTED: InferenceServiceStatus = { url: 'http://a', deploymentMode: 'Standard' };

function service(status?: object): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ml', resourceVersion: '5' },
    spec: { predictor: {} }, ...(status ? { status } : {}),
  };
}

/** A server that changes every status on its way in. */
function writerOn(server: (status: unknown) => object): { readonly writer: StatusWriter; readonly sent: KubeObject[]; readonly observed: KubeObject[] } {
  const sent: KubeObject[] = [];
  const observed: KubeObject[] = [];
  const api = {
    replaceStatus: (object: KubeObject) => {
      sent.push(object);
      return Promise.resolve({ ...object, status: server(object['status']) });
    },
  } as Partial<KubeApi> as KubeApi;
  const cache = { observe: (object: KubeObject) => observed.push(object) } as Partial<ClusterCache> as ClusterCache;
  return { writer: new StatusWriter(api, cache, silentLog), sent, observed };
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
});
