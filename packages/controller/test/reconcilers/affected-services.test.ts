import { CONFIG_MAP_NAME, LABEL, type KubeObject } from 'cdk8s-kserve/api';
import { affectedServices } from '../../src/reconcilers/affected-services';
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
    expect(affectedServices(kindOf('service'), { type: 'deleted', object: object({ name: 'iris' }) })).toEqual({ keys: ['ml/iris'] });
  });

  test('the service that controls the child, also when the link was just cut by hand', () => {
    expect(affectedServices(kindOf('child'), { type: 'deleted', object: object({ ownerReferences: [owner] }) })).toEqual({ keys: ['ml/iris'] });
    const cut = { type: 'updated', old: object({ ownerReferences: [owner] }), object: object({}) } as const;
    expect(affectedServices(kindOf('child'), cut)).toEqual({ keys: ['ml/iris'] });
  });

  test('nobody, when a child belongs to something else', () => {
    expect(affectedServices(kindOf('child'), { type: 'added', object: object({ ownerReferences: [{ ...owner, kind: 'InferenceGraph' }] }) })).toEqual({ keys: [] });
  });

  test('the service whose label the pod carries', () => {
    expect(affectedServices(kindOf('pod'), { type: 'added', object: object({ labels: { [LABEL.inferenceService]: 'iris' } }) })).toEqual({ keys: ['ml/iris'] });
  });

  test('a namespace for its runtimes, everybody for the cluster\'s runtimes and the config', () => {
    expect(affectedServices(kindOf('world'), { type: 'added', object: object({}) })).toEqual({ namespace: 'ml' });
    const cluster: KubeObject = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'x' } };
    expect(affectedServices(kindOf('world'), { type: 'added', object: cluster })).toEqual({ namespace: undefined });
    expect(affectedServices(kindOf('config'), { type: 'added', object: object({ name: CONFIG_MAP_NAME }) })).toEqual({ namespace: undefined });
    expect(affectedServices(kindOf('config'), { type: 'added', object: object({ name: 'unrelated' }) })).toEqual({ keys: [] });
  });
});
