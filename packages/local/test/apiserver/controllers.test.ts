import type { KubeObject } from 'cdk8s-kserve/api';
import { until } from '../../../../test/support/until';
import { CONFIG_MAPS, configMap, MERGE, startTestServer, type TestServer } from './support';

let t: TestServer;
beforeEach(async () => { t = await startTestServer(); });
afterEach(() => t.server.close());

const exists = async (name: string): Promise<boolean> => (await t.call('GET', `${CONFIG_MAPS}/${name}`)).code === 200;
const gone = (name: string): Promise<boolean> => until(`${name} is gone`, async () => !(await exists(name)));
const refTo = (owner: KubeObject, extra: object = {}): object => ({ apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid, ...extra });
const create = async (name: string, metadata: object = {}): Promise<KubeObject> => (await t.call('POST', CONFIG_MAPS, configMap(name, { metadata }))).body;
const remove = (name: string, propagationPolicy: string): Promise<unknown> => t.call('DELETE', `${CONFIG_MAPS}/${name}`, { propagationPolicy });

describe('garbage collection', () => {
  test('dependents follow their owner, and theirs follow them', async () => {
    const owner = await create('owner');
    const child = await create('child', { ownerReferences: [refTo(owner)] });
    await create('grandchild', { ownerReferences: [refTo(child)] });
    await create('bystander');
    await t.call('DELETE', `${CONFIG_MAPS}/owner`);
    await gone('grandchild');
    expect([await exists('child'), await exists('bystander')]).toEqual([false, true]);
  });

  test('an object with another living owner stays and loses the reference', async () => {
    const [one, two] = [await create('one'), await create('two')];
    await create('shared', { ownerReferences: [refTo(one), refTo(two)] });
    await t.call('DELETE', `${CONFIG_MAPS}/one`);
    await until('one owner is left', async () => (await t.call('GET', `${CONFIG_MAPS}/shared`)).body.metadata.ownerReferences?.length === 1);
    expect((await t.call('GET', `${CONFIG_MAPS}/shared`)).body.metadata.ownerReferences).toEqual([refTo(two)]);
  });

  test('foreground: the owner waits for dependents that block it', async () => {
    const owner = await create('owner');
    await create('child', { finalizers: ['x.io/hold'], ownerReferences: [refTo(owner, { blockOwnerDeletion: true })] });
    await remove('owner', 'Foreground');
    await until('the child is on its way out', async () => (await t.call('GET', `${CONFIG_MAPS}/child`)).body.metadata.deletionTimestamp !== undefined);
    expect((await t.call('GET', `${CONFIG_MAPS}/owner`)).body.metadata.finalizers).toEqual(['foregroundDeletion']);
    const { body } = await t.call('GET', `${CONFIG_MAPS}/child`);
    await t.call('PATCH', `${CONFIG_MAPS}/child`, { metadata: { finalizers: body.metadata.finalizers?.filter((f) => f !== 'x.io/hold') } }, { type: MERGE });
    await gone('owner');
    expect(await exists('child')).toBe(false);
  });

  test('orphan: dependents stay, without the reference', async () => {
    const owner = await create('owner');
    await create('child', { ownerReferences: [refTo(owner)] });
    await remove('owner', 'Orphan');
    await gone('owner');
    expect((await t.call('GET', `${CONFIG_MAPS}/child`)).body.metadata.ownerReferences ?? []).toEqual([]);
  });

  test('an object created for an owner that never was is removed', async () => {
    await create('lost', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'no-such-uid' }] });
    await gone('lost');
  });

  test('a namespace that may not be deleted survives the loss of its owner', async () => {
    const owner = await create('owner');
    await t.call('PATCH', '/api/v1/namespaces/default', { metadata: { ownerReferences: [refTo(owner)] } }, { type: MERGE });
    await create('lost', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'no-such-uid' }] });
    await gone('lost');
    expect((await t.call('GET', '/api/v1/namespaces/default')).body.metadata.deletionTimestamp).toBeUndefined();
  });

  test('a reference to a kind that is not served keeps its object', async () => {
    await create('kept', { ownerReferences: [{ apiVersion: 'gone.io/v1', kind: 'Gone', name: 'x', uid: 'no-such-uid' }] });
    await create('lost', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'no-such-uid' }] });
    await gone('lost');
    expect(await exists('kept')).toBe(true);
  });
});

describe('namespaces', () => {
  test('those of a new cluster are there, each with its service account', async () => {
    const { body } = await t.call('GET', '/api/v1/namespaces');
    expect(body.items?.map((o) => o.metadata.name)).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    expect(body.items?.[0]).toMatchObject({ metadata: { labels: { 'kubernetes.io/metadata.name': 'default' } }, status: { phase: 'Active' } });
    expect((await t.call('GET', '/api/v1/serviceaccounts')).body.items).toHaveLength(4);
    await t.call('POST', '/api/v1/namespaces', { metadata: { name: 'team' } });
    await until('the service account is there', async () => (await t.call('GET', '/api/v1/namespaces/team/serviceaccounts/default')).code === 200);
  });

  test('a deleted one takes its content along, takes nothing new in, and waits for finalizers', async () => {
    await t.call('POST', '/api/v1/namespaces', { metadata: { name: 'team' } });
    const inside = '/api/v1/namespaces/team/configmaps';
    await t.call('POST', inside, { metadata: { name: 'held', finalizers: ['x.io/hold'] } });
    await t.call('POST', inside, { metadata: { name: 'free' } });
    expect((await t.call('DELETE', '/api/v1/namespaces/team')).body['status']).toEqual({ phase: 'Terminating' });
    await until('the object is gone', async () => (await t.call('GET', `${inside}/free`)).code === 404);
    const refused = await t.call('POST', inside, { metadata: { name: 'late' } });
    expect(refused).toMatchObject({ code: 403, body: { reason: 'Forbidden', message: 'configmaps "late" is forbidden: unable to create new content in namespace team because it is being terminated' } });
    expect((await t.call('GET', '/api/v1/namespaces/team')).code).toBe(200);
    await t.call('PATCH', `${inside}/held`, { metadata: { finalizers: [] } }, { type: MERGE });
    await until('the namespace is gone', async () => (await t.call('GET', '/api/v1/namespaces/team')).code === 404);
  });

  test('the default one may not be deleted', async () => {
    expect(await t.call('DELETE', '/api/v1/namespaces/default')).toMatchObject({ code: 403, body: { message: 'namespaces "default" is forbidden: this namespace may not be deleted' } });
  });
});
