import type { KubeObject } from 'cdk8s-kserve/api';
import { lastApplied } from '../../../src/reconcilers/compare/last-applied';

const LIVE: KubeObject = {
  apiVersion: 'apps/v1', kind: 'Deployment',
  metadata: {
    name: 'iris', namespace: 'ml', uid: 'u', resourceVersion: '7', generation: 3, labels: { app: 'iris', 'team/injected': 'x' },
    managedFields: [
      { manager: 'hpa', operation: 'Update', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
      {
        manager: 'me', operation: 'Apply', apiVersion: 'apps/v1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': {
            'f:selector': {},
            'f:template': {
              'f:spec': {
                'f:initContainers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} }, 'k:{"name":"b"}': { '.': {}, 'f:name': {} } },
                'f:containers': { 'k:{"name":"server"}': { '.': {}, 'f:name': {}, 'f:args': {}, 'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } } } },
                'f:volumes': { 'k:{"name":"tmp"}': { '.': {}, 'f:name': {}, 'f:emptyDir': {} } },
              },
            },
          },
        },
      },
    ],
  },
  spec: {
    replicas: 4,
    selector: { matchLabels: { app: 'iris' } },
    template: {
      spec: {
        initContainers: [{ name: 'b', imagePullPolicy: 'Always' }, { name: 'a' }],
        containers: [{ name: 'sidecar', image: 'mesh:1' }, { name: 'server', args: ['--x', '--y'], ports: [{ containerPort: 80, protocol: 'TCP' }] }],
        volumes: [{ name: 'tmp', emptyDir: {} }],
        restartPolicy: 'Always',
      },
    },
  },
  status: { replicas: 4 },
};

test('what was applied last is what the record names, in the order of the live object', () => {
  expect(lastApplied(LIVE, 'me')).toEqual({
    apiVersion: 'apps/v1', kind: 'Deployment',
    metadata: { name: 'iris', namespace: 'ml', labels: { app: 'iris' } },
    spec: {
      selector: { matchLabels: { app: 'iris' } },
      template: {
        spec: {
          initContainers: [{ name: 'b' }, { name: 'a' }],
          containers: [{ name: 'server', args: ['--x', '--y'], ports: [{ containerPort: 80 }] }],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
    },
  });
});

test('nothing is known of an object that the manager never applied, or of which nobody keeps a record', () => {
  expect(lastApplied(LIVE, 'somebody')).toBeUndefined();
  expect(lastApplied({ ...LIVE, metadata: { name: 'iris' } }, 'me')).toBeUndefined();
});
