import type { JsonObject } from 'cdk8s-kserve/api';
import { startTestServer, type TestServer } from './support';

const V1 = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
const V2 = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const cpu = (percent: number): JsonObject => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } });

let t: TestServer;
beforeEach(async () => { t = await startTestServer(); });
afterEach(() => t.server.close());

// What v2 has, and what v1 of a real API server says of it in its annotation.
const OTHERS: readonly (readonly [JsonObject, JsonObject])[] = [
  [
    { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
    { type: 'Resource', resource: { name: 'memory', targetAverageValue: '1Gi' } },
  ],
  [
    { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'a', target: { type: 'Utilization', averageUtilization: 70 } } },
    { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'a', targetAverageUtilization: 70 } },
  ],
  [
    { type: 'Pods', pods: { metric: { name: 'queue', selector: { matchLabels: { a: 'b' } } }, target: { type: 'AverageValue', averageValue: '5' } } },
    { type: 'Pods', pods: { metricName: 'queue', selector: { matchLabels: { a: 'b' } }, targetAverageValue: '5' } },
  ],
  [
    { type: 'Object', object: { describedObject: scaleTargetRef, metric: { name: 'hits' }, target: { type: 'Value', value: '10k' } } },
    { type: 'Object', object: { target: scaleTargetRef, metricName: 'hits', targetValue: '10k' } },
  ],
  [
    { type: 'Object', object: { describedObject: scaleTargetRef, metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '9' } } },
    { type: 'Object', object: { target: scaleTargetRef, metricName: 'hits', targetValue: '0', averageValue: '9' } },
  ],
  [
    { type: 'External', external: { metric: { name: 'lag', selector: { matchLabels: { a: 'b' } } }, target: { type: 'Value', value: '3' } } },
    { type: 'External', external: { metricName: 'lag', metricSelector: { matchLabels: { a: 'b' } }, targetValue: '3' } },
  ],
];

test('an autoscaler is one object in two versions, and v2 is the one to use', async () => {
  const written = await t.call('POST', V1, { metadata: { name: 'web' }, spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 60 } });
  expect(written).toMatchObject({ code: 201, body: { apiVersion: 'autoscaling/v1', spec: { minReplicas: 1, targetCPUUtilizationPercentage: 60 } } });
  const { body } = await t.call('GET', `${V2}/web`);
  expect(body).toMatchObject({ apiVersion: 'autoscaling/v2', spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 3, metrics: [cpu(60)] } });
  expect(body['spec']).not.toHaveProperty('targetCPUUtilizationPercentage');
  expect((await t.call('GET', '/apis/autoscaling')).body).toMatchObject({ preferredVersion: { version: 'v2' }, versions: [{ version: 'v2' }, { version: 'v1' }] });
});

test('without a metric, v1 means 80 per cent of the CPU, too', async () => {
  await t.call('POST', V1, { metadata: { name: 'web' }, spec: { scaleTargetRef, maxReplicas: 3 } });
  expect((await t.call('GET', `${V2}/web`)).body).toMatchObject({ spec: { metrics: [cpu(80)] } });
});

test.each(OTHERS)('%j is carried in an annotation of v1, and comes back from there', async (metric, carried) => {
  const behavior = { scaleDown: { stabilizationWindowSeconds: 5, policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] } };
  await t.call('POST', V2, { metadata: { name: 'web', annotations: { mine: 'kept' } }, spec: { scaleTargetRef, maxReplicas: 3, metrics: [metric, cpu(60)], behavior } });
  const { body } = await t.call('GET', `${V1}/web`);
  expect(body['spec']).toEqual({ scaleTargetRef, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 60 });
  expect(JSON.parse(body.metadata.annotations?.[METRICS] ?? '')).toEqual([carried]);
  expect(JSON.parse(body.metadata.annotations?.[BEHAVIOR] ?? '')).toEqual({ ScaleDown: { StabilizationWindowSeconds: 5, Policies: [{ Type: 'Pods', Value: 4, PeriodSeconds: 15 }] } });
  expect((await t.call('PUT', `${V1}/web`, { ...body, spec: { ...(body['spec'] as JsonObject), maxReplicas: 4 } })).code).toBe(200);
  const again = (await t.call('GET', `${V2}/web`)).body;
  expect(again['spec']).toEqual({ scaleTargetRef, minReplicas: 1, maxReplicas: 4, metrics: [metric, cpu(60)], behavior });
  expect(again.metadata.annotations).toEqual({ mine: 'kept' });
});

test('a write of v1 leaves the status as it was', async () => {
  await t.call('POST', V2, { metadata: { name: 'web' }, spec: { scaleTargetRef, maxReplicas: 3 } });
  const status = {
    currentReplicas: 2, desiredReplicas: 2, conditions: [{ type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale' }],
    currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 41, averageValue: '410m' } } }],
  };
  await t.call('PATCH', `${V2}/web/status`, { status }, { type: 'application/merge-patch+json' });
  expect((await t.call('GET', `${V1}/web`)).body['status']).toEqual({ currentReplicas: 2, desiredReplicas: 2, currentCPUUtilizationPercentage: 41 });
  await t.call('PATCH', `${V1}/web`, { spec: { targetCPUUtilizationPercentage: 50 } }, { type: 'application/merge-patch+json' });
  expect((await t.call('GET', `${V2}/web`)).body).toMatchObject({ spec: { metrics: [cpu(50)] }, status });
});

test('what a cluster carried in its annotations is understood, fields that it left null included', async () => {
  const annotations = { [BEHAVIOR]: JSON.stringify({ ScaleUp: null, ScaleDown: { StabilizationWindowSeconds: 5, Tolerance: null } }) };
  await t.call('POST', V1, { metadata: { name: 'web', annotations }, spec: { scaleTargetRef, maxReplicas: 3 } });
  expect((await t.call('GET', `${V2}/web`)).body['spec']).toMatchObject({ behavior: { scaleDown: { stabilizationWindowSeconds: 5 } } });
});

test('an annotation that holds no metrics is no metric', async () => {
  expect((await t.call('POST', V1, { metadata: { name: 'web', annotations: { [METRICS]: '{' } }, spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 60 } })).code).toBe(201);
  const { body } = await t.call('GET', `${V2}/web`);
  expect([body['spec'], body.metadata.annotations]).toEqual([expect.objectContaining({ metrics: [cpu(60)] }), undefined]);
});
