import type { KubeObject } from 'cdk8s-kserve/api';
import { clearAlternatives } from '../../../src/reconcilers/compare/clear-alternatives';

function deployment(container: object, more: { readonly strategy?: object; readonly volumes?: readonly object[] } = {}, kind = 'Deployment'): KubeObject {
  const { strategy, volumes } = more;
  return { apiVersion: 'apps/v1', kind, metadata: { name: 'd' }, spec: { ...(strategy ? { strategy } : {}), template: { spec: { containers: [{ name: 'c', ...container }], ...(volumes ? { volumes } : {}) } } } };
}

const http = { readinessProbe: { httpGet: { path: '/', port: 8080, scheme: 'HTTP' }, periodSeconds: 10 } };
const tcp = { readinessProbe: { tcpSocket: { port: 8080 } } };

describe('fields of which one excludes the others', () => {
  it.each<[string, KubeObject, KubeObject, KubeObject]>([
    ['another handler of a probe', deployment(tcp), deployment(http), deployment({ readinessProbe: { tcpSocket: { port: 8080 }, httpGet: null } })],
    ['a value in place of a reference', deployment({ env: [{ name: 'E', value: 'x' }] }), deployment({ env: [{ name: 'D' }, { name: 'E', valueFrom: { fieldRef: {} } }] }), deployment({ env: [{ name: 'E', value: 'x', valueFrom: null }] })],
    ['another reference', deployment({ env: [{ name: 'E', valueFrom: { secretKeyRef: { key: 'k' } } }] }), deployment({ env: [{ name: 'E', valueFrom: { fieldRef: { apiVersion: 'v1' } } }] }), deployment({ env: [{ name: 'E', valueFrom: { secretKeyRef: { key: 'k' }, fieldRef: null } }] })],
    ['another source of a volume', deployment({}, { volumes: [{ name: 'v', emptyDir: {} }] }), deployment({}, { volumes: [{ name: 'v', secret: { defaultMode: 420 } }] }), deployment({}, { volumes: [{ name: 'v', emptyDir: {}, secret: null }] })],
    ['another strategy', deployment({}, { strategy: { type: 'Recreate' } }), deployment({}, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } }), deployment({}, { strategy: { type: 'Recreate', rollingUpdate: null } })],
  ])('%s clears what was there', (_what, desired, live, expected) => expect(clearAlternatives(desired, live)).toEqual(expected));

  it.each<[string, KubeObject, KubeObject | undefined]>([
    ['the same handler', deployment(http), deployment(http)],
    ['no object that is there', deployment(tcp), undefined],
    ['a container that is new', deployment(tcp), { ...deployment({}), spec: { template: { spec: { containers: [{ name: 'other', ...http }] } } } }],
    ['another kind', deployment(tcp, {}, 'StatefulSet'), deployment(http, {}, 'StatefulSet')],
    ['what others filled in beside it', deployment(tcp), deployment({ ...tcp, terminationMessagePath: '/dev/termination-log' })],
  ])('%s leaves the object as it is', (_what, desired, live) => expect(clearAlternatives(desired, live)).toEqual(desired));
});
