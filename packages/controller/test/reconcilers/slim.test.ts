import { CONFIG_MAP_NAME, FIELD_MANAGER, type KubeObject } from 'cdk8s-kserve/api';
import { slimChild, slimConfig, slimGateway, slimGatewayClass, slimPod, withoutManagedFields } from '../../src/reconcilers/slim';

const ours = { manager: FIELD_MANAGER, operation: 'Apply', apiVersion: 'v1', fieldsV1: { 'f:spec': {} } };
const theirs = { manager: 'kubelet', operation: 'Update', apiVersion: 'v1', fieldsV1: { 'f:status': {} } };

function object(name: string, extra: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Any', metadata: { name, namespace: 'ml', uid: 'u', resourceVersion: '1', labels: { a: 'b' }, managedFields: [ours, theirs] }, ...extra };
}

test('of a child\'s field record our own entry is kept, and that there is a record at all', () => {
  expect(slimChild(object('x')).metadata.managedFields).toEqual([ours]);
  const foreign: KubeObject = { ...object('x'), metadata: { name: 'x', managedFields: [theirs] } };
  expect(slimChild(foreign).metadata.managedFields).toEqual([]);
  expect('managedFields' in slimChild({ ...foreign, metadata: { name: 'x' } }).metadata).toBe(false);
});

test('of a child that KServe made its record is kept until it is struck, that of others never', () => {
  const kserve = { ...ours, manager: 'manager', operation: 'Update' };
  const claimed = (...record: readonly object[]): KubeObject => ({ ...object('x'), metadata: { name: 'x', managedFields: record } });
  expect(slimChild(claimed(theirs, kserve, ours)).metadata.managedFields).toEqual([ours, kserve]);
  expect(slimChild(claimed(theirs, { ...kserve, fieldsV1: { 'f:data': {} } }, ours)).metadata.managedFields).toEqual([ours]);
  expect(slimChild(claimed(theirs, kserve)).metadata.managedFields).toEqual([]);
});

test('children whose fields are ours in the same way share one record, which does not name their owner', () => {
  const fields = (uid: string): object => ({ 'f:metadata': { 'f:labels': { 'f:a': {} }, 'f:ownerReferences': { [`k:{"uid":"${uid}"}`]: {} } }, 'f:spec': { 'f:replicas': {} } });
  const child = (name: string): KubeObject => ({ ...object(name), metadata: { name, managedFields: [{ ...ours, time: name, fieldsV1: fields(name) }] } });
  const [a, b] = ['a', 'b'].map((name) => (slimChild(child(name)).metadata.managedFields as readonly unknown[])[0]);
  expect(a).toBe(b);
  expect(a).toEqual({ ...ours, fieldsV1: { 'f:metadata': { 'f:labels': { 'f:a': {} } }, 'f:spec': { 'f:replicas': {} } } });
});

test('a pod keeps who it is and how it fares', () => {
  expect(slimPod(object('p', { spec: { containers: [] }, status: { phase: 'Running' } }))).toEqual({
    apiVersion: 'v1', kind: 'Any', metadata: { name: 'p', namespace: 'ml', uid: 'u', resourceVersion: '1', labels: { a: 'b' } }, status: { phase: 'Running' },
  });
});

test('a Gateway keeps its class and what is wrong with it, not its routes, times and words when all is well', () => {
  const said = (status: string): object => ({ type: 'Programmed', status, reason: 'Any', message: '2 of 3 instances', lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 1 });
  const status = { addresses: [{ value: '10.0.0.1' }], conditions: [said('True')], listeners: [{ name: 'http', attachedRoutes: 7, conditions: [said('False')] }] };
  const conditions = [{ type: 'Programmed', status: 'True' }];
  const refused = [{ type: 'Programmed', status: 'False', reason: 'Any', message: '2 of 3 instances' }];
  expect(slimGateway(object('g', { spec: { gatewayClassName: 'c', listeners: [{ name: 'http' }] }, status }))).toEqual({
    apiVersion: 'v1', kind: 'Any', metadata: { name: 'g', namespace: 'ml', uid: 'u', resourceVersion: '1' },
    spec: { gatewayClassName: 'c' }, status: { conditions, listeners: [{ name: 'http', conditions: refused }] },
  });
});

test('a GatewayClass keeps what it can do', () => {
  const given = object('c', { spec: { controllerName: 'x' }, status: { conditions: [{}], supportedFeatures: [{ name: 'HTTPRoute' }] } });
  expect(slimGatewayClass(given)).toEqual({ apiVersion: 'v1', kind: 'Any', metadata: { name: 'c', uid: 'u', resourceVersion: '1' }, status: { supportedFeatures: [{ name: 'HTTPRoute' }] } });
});

test('only the platform\'s ConfigMap keeps its content', () => {
  expect(slimConfig(object(CONFIG_MAP_NAME, { data: { a: '1' } }))['data']).toEqual({ a: '1' });
  expect(slimConfig(object('other', { data: { a: '1' } }))['data']).toBeUndefined();
});

test('slimming leaves the original as it is', () => {
  const original = object('x');
  const before = JSON.stringify(original);
  [slimChild, slimPod, slimConfig, withoutManagedFields].forEach((slim) => slim(original));
  expect(JSON.stringify(original)).toBe(before);
});
