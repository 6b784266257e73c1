import { CONFIG_MAP_NAME, LABEL, type KubeObject } from 'cdk8s-kserve/api';
import { affectedOwners } from '../../src/reconcilers/affected-owners';
import { WATCHED_KINDS, type Role } from '../../src/reconcilers/watched-kinds';

function kindOf(role: Role): (typeof WATCHED_KINDS)[number] {
  const found = WATCHED_KINDS.find((k) => k.role === role);
  if (!found) throw new Error(role);
  return found;
}

function object(metadata: Partial<KubeObject['metadata']>): KubeObject {
  return { apiVersion: 'v1', kind: 'Any', metadata: { name: 'x', namespace: 'ml', ...metadata } };
}

const owner = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name: 'iris', uid: 'u', controller: true };

describe('a change concerns', () => {
  test('the service itself', () => {
    expect(affectedOwners(kindOf('owner'), { type: 'deleted', object: object({ name: 'iris' }) }, 'InferenceService')).toEqual({ keys: ['ml/iris'] });
  });

  test('the service that controls the child, also when the link was just cut by hand', () => {
    expect(affectedOwners(kindOf('child'), { type: 'deleted', object: object({ ownerReferences: [owner] }) }, 'InferenceService')).toEqual({ keys: ['ml/iris'] });
    const cut = { type: 'updated', old: object({ ownerReferences: [owner] }), object: object({}) } as const;
    expect(affectedOwners(kindOf('child'), cut, 'InferenceService')).toEqual({ keys: ['ml/iris'] });
  });

  test('nobody, when a child belongs to something else', () => {
    expect(affectedOwners(kindOf('child'), { type: 'added', object: object({ ownerReferences: [{ ...owner, kind: 'InferenceGraph' }] }) }, 'InferenceService')).toEqual({ keys: [] });
  });

  test('the service whose label the pod carries', () => {
    expect(affectedOwners(kindOf('pod'), { type: 'added', object: object({ labels: { [LABEL.inferenceService]: 'iris' } }) }, 'InferenceService')).toEqual({ keys: ['ml/iris'] });
  });

  test('everybody, when a Gateway comes, goes or says another thing of itself; nobody, when it is written otherwise', () => {
    const says = (programmed: string, resourceVersion: string): KubeObject => ({ ...object({ resourceVersion }), spec: {}, status: { conditions: [{ type: 'Programmed', status: programmed }] } });
    const affected = (change: Parameters<typeof affectedOwners>[1]): unknown => affectedOwners(kindOf('gateway'), change, 'InferenceService');
    expect(affected({ type: 'added', object: says('True', '1') })).toEqual({ namespace: undefined });
    expect(affected({ type: 'updated', old: says('True', '1'), object: says('False', '2') })).toEqual({ namespace: undefined });
    expect(affected({ type: 'deleted', object: says('True', '1') })).toEqual({ namespace: undefined });
    expect(affected({ type: 'updated', old: says('True', '1'), object: says('True', '2') })).toEqual({ keys: [] });
  });

  test('a namespace for its runtimes, everybody for the cluster\'s runtimes and the config', () => {
    expect(affectedOwners(kindOf('world'), { type: 'added', object: object({}) }, 'InferenceService')).toEqual({ namespace: 'ml' });
    const cluster: KubeObject = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'x' } };
    expect(affectedOwners(kindOf('world'), { type: 'added', object: cluster }, 'InferenceService')).toEqual({ namespace: undefined });
    expect(affectedOwners(kindOf('config'), { type: 'added', object: object({ name: CONFIG_MAP_NAME }) }, 'InferenceService')).toEqual({ namespace: undefined });
    expect(affectedOwners(kindOf('config'), { type: 'added', object: object({ name: 'unrelated' }) }, 'InferenceService')).toEqual({ keys: [] });
  });
});
