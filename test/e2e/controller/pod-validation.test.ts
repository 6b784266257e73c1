import { TestCluster } from './support/cluster';

// Run on both servers, so that what passes on a laptop passes in a cluster, and what fails says the same.

let cluster: TestCluster;
let namespace: string;

beforeAll(async () => {
  cluster = await TestCluster.start();
  namespace = await cluster.namespace();
});

afterAll(() => cluster.stop());

const C = { name: 'c', image: 'i' };
const V = { name: 'v', emptyDir: {} };
const http = { httpGet: { path: '/', port: 80 } };
const of = (fields: object, ...volumes: readonly object[]): object => ({ containers: [{ ...C, ...fields }], ...(volumes.length > 0 ? { volumes } : {}) });
const resources = (requests: object, limits: object = {}): object => of({ resources: { requests, limits } });

/** Ours says these by the schema of a list or a number: the same place, other words. */
const BY_SCHEMA: readonly (readonly [what: string, spec: object, place: string])[] = [
  ['one path mounted twice', of({ volumeMounts: [{ name: 'v', mountPath: '/a' }, { name: 'v', mountPath: '/a' }] }, V), 'spec.containers[0].volumeMounts[1]'],
  ['two volumes of one name', of({}, V, V), 'spec.volumes[1]'],
  ['a port that cannot be', of({ ports: [{ containerPort: 99_999 }] }), 'spec.containers[0].ports[0].containerPort'],
  ['no container', { containers: [] }, 'spec.containers'],
];

const REFUSED: readonly (readonly [what: string, spec: object, ...causes: string[]])[] = [
  ['more CPU asked for than allowed', resources({ cpu: '2' }, { cpu: '1' }), 'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ['the same in other units', resources({ memory: '1Gi' }, { memory: '512Mi' }), 'spec.containers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 512Mi'],
  ['a GPU asked for without a limit', resources({ 'nvidia.com/gpu': '1' }), 'spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources'],
  ['fewer GPUs than the limit', resources({ 'nvidia.com/gpu': '1' }, { 'nvidia.com/gpu': '2' }), 'spec.containers[0].resources.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2'],
  ['half a GPU', of({ resources: { limits: { 'nvidia.com/gpu': '500m' } } }), 'spec.containers[0].resources.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer', 'spec.containers[0].resources.requests[nvidia.com/gpu]: Invalid value: "500m": must be an integer'],
  ['a negative amount', of({ resources: { limits: { cpu: '-1' } } }), 'spec.containers[0].resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0', 'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
  ['a folder outside of the volume', of({ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '../x' }] }, V), 'spec.containers[0].volumeMounts.subPath: Invalid value: "../x": must not contain \'..\''],
  ['two ports of one name', of({ ports: [{ containerPort: 80, name: 'http' }, { containerPort: 81, name: 'http' }] }), 'spec.containers[0].ports[1].name: Duplicate value: "http"'],
  ['a probe of two kinds', of({ readinessProbe: { ...http, tcpSocket: { port: 80 } } }), 'spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type'],
  ['a probe of no kind', of({ readinessProbe: { periodSeconds: 3 } }), 'spec.containers[0].readinessProbe: Required value: must specify a handler type'],
  ['a liveness probe that must succeed twice', of({ livenessProbe: { ...http, successThreshold: 2 } }), 'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1'],
];

test.each(REFUSED)('%s is refused', async (_what, spec, ...causes) => {
  const refused = cluster.api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace }, spec });
  await expect(refused).rejects.toMatchObject({ statusCode: 422, serverMessage: `Pod "p" is invalid: ${causes.length > 1 ? `[${causes.join(', ')}]` : (causes[0] ?? '')}` });
});

test.each(BY_SCHEMA)('%s is refused', async (_what, spec, place) => {
  const refused = cluster.api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace }, spec });
  await expect(refused).rejects.toMatchObject({ statusCode: 422, serverMessage: expect.stringContaining(`Pod "p" is invalid: ${place}`) as string });
});

test.each([
  ['equal requests and limits in other words', resources({ cpu: '1000m', memory: '1024Mi' }, { cpu: '1', memory: '1Gi' })],
  ['a limit alone', of({ resources: { limits: { 'nvidia.com/gpu': '1' } } })],
  ['a readiness probe that must succeed twice', of({ readinessProbe: { ...http, successThreshold: 2 } })],
  ['one volume at two paths', of({ volumeMounts: [{ name: 'v', mountPath: '/a' }, { name: 'v', mountPath: '/b', subPath: 'x..y' }] }, V)],
])('%s is accepted', async (_what, spec) => {
  const made = await cluster.api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace }, spec });
  expect(made.metadata.uid).toBeDefined();
  await cluster.api.delete({ apiVersion: 'v1', kind: 'Pod', name: 'p', namespace }, { gracePeriodSeconds: 0 });
});
