import type { KubeObject } from 'cdk8s-kserve/api';
import { findAbandoned } from '../../../src/reconcilers/compare/find-abandoned';

const OURS = 'cdk8s-kserve';

const FIELDS = {
  'f:metadata': { 'f:labels': { 'f:app': {} }, 'f:ownerReferences': { 'k:{"uid":"u1"}': {} } },
  'f:spec': {
    'f:template': {
      'f:spec': {
        'f:containers': {
          'k:{"name":"server"}': { '.': {}, 'f:name': {}, 'f:image': {}, 'f:args': {}, 'f:ports': { 'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } } },
        },
      },
    },
  },
};

function desired(container: object = {}, labels: Record<string, string> = { app: 'iris' }): KubeObject {
  return {
    apiVersion: 'apps/v1', kind: 'Deployment',
    metadata: { name: 'iris', labels, ownerReferences: [{ apiVersion: 'a/v1', kind: 'B', name: 'c', uid: 'u1' }] },
    spec: { template: { spec: { containers: [{ name: 'server', image: 'a:1', args: ['--x'], ports: [{ containerPort: 8080 }], ...container }] } } },
  };
}

function live(...managedFields: object[]): KubeObject {
  return { ...desired(), metadata: { name: 'iris', managedFields } };
}

const entry = { manager: OURS, operation: 'Apply', apiVersion: 'apps/v1', fieldsV1: FIELDS };

describe('findAbandoned', () => {
  test('finds nothing while we still want all that we own', () => {
    expect(findAbandoned(desired(), live(entry), OURS)).toEqual([]);
    expect(findAbandoned(desired({ env: [{ name: 'NEW', value: '1' }] }), live(entry), OURS)).toEqual([]);
  });

  test.each<[string, KubeObject, string]>([
    ['a label', desired({}, {}), 'metadata.labels.app'],
    ['a field of a container', desired({ args: undefined }), 'spec.template.spec.containers[{"name":"server"}].args'],
    ['a port', desired({ ports: [{ containerPort: 9000 }] }), 'spec.template.spec.containers[{"name":"server"}].ports[{"containerPort":8080,"protocol":"TCP"}]'],
    ['a container', desired({ name: 'other' }), 'spec.template.spec.containers[{"name":"server"}]'],
  ])('finds %s that we own and no longer want', (_what, wanted, path) => {
    expect(findAbandoned(wanted, live(entry), OURS)).toEqual([path]);
  });

  test('what other managers own is theirs to keep', () => {
    const hpa = { ...entry, manager: 'hpa', operation: 'Update', fieldsV1: { 'f:spec': { 'f:replicas': {} } } };
    const status = { ...entry, subresource: 'status', fieldsV1: { 'f:status': {} } };
    expect(findAbandoned(desired(), live(hpa, status, entry), OURS)).toEqual([]);
  });

  test('an object that others made is claimed with one apply', () => {
    expect(findAbandoned(desired(), live({ ...entry, manager: 'manager', operation: 'Update' }), OURS)).toEqual(['metadata.managedFields']);
    expect(findAbandoned(desired(), live(), OURS)).toEqual(['metadata.managedFields']);
  });

  test('an object that was claimed and has KServe as an owner still is reported, beside what we no longer want', () => {
    const kserve = { ...entry, manager: 'manager', operation: 'Update' };
    expect(findAbandoned(desired(), live(kserve, entry), OURS)).toEqual(['metadata.managedFields']);
    expect(findAbandoned(desired({}, {}), live(kserve, entry), OURS)).toEqual(['metadata.managedFields', 'metadata.labels.app']);
    expect(findAbandoned(desired(), live({ ...kserve, fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:other': {} } } } }, entry), OURS)).toEqual([]);
  });

  test('a record in an older version of the kind is renewed', () => {
    expect(findAbandoned(desired(), live({ ...entry, apiVersion: 'apps/v1beta1' }), OURS)).toEqual(['metadata.managedFields']);
  });

  test('a server that keeps no record is compared by value alone', () => {
    expect(findAbandoned(desired(), desired(), OURS)).toEqual([]);
  });
});
