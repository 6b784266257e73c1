import { CONFIG_MAPS, configMap, deployment, DEPLOYMENTS, MERGE, startTestServer, type TestServer } from './support';

let t: TestServer;
beforeEach(async () => { t = await startTestServer({ clock: { now: () => new Date('2026-01-02T03:04:05.678Z') } }); });
afterEach(() => t.server.close());

describe('create', () => {
  test('gives identity, time and version, and answers 201', async () => {
    const { code, body } = await t.call('POST', CONFIG_MAPS, configMap('a', { metadata: { uid: 'mine', generation: 7 } }));
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'a', namespace: 'default', creationTimestamp: '2026-01-02T03:04:05Z', resourceVersion: String(t.server.store.resourceVersion) });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.metadata.generation).toBeUndefined();
  });

  test('fills in the defaults of a Deployment', async () => {
    const { body } = await t.call('POST', DEPLOYMENTS, deployment('a'));
    expect(body['spec']).toMatchObject({
      replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: { spec: { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', containers: [{ imagePullPolicy: 'IfNotPresent', resources: {} }] } },
    });
    expect(body.metadata.generation).toBe(1);
  });

  test('a generated name keeps its prefix', async () => {
    const { body } = await t.call('POST', CONFIG_MAPS, { metadata: { generateName: 'run-' } });
    expect(body.metadata.name).toMatch(/^run-[a-z0-9]{5}$/);
  });

  test.each<[string, string, unknown, number, string, string]>([
    ['a name that exists', CONFIG_MAPS, configMap('taken'), 409, 'AlreadyExists', 'configmaps "taken" already exists'],
    ['an unknown namespace', '/api/v1/namespaces/nowhere/configmaps', configMap('a'), 404, 'NotFound', 'namespaces "nowhere" not found'],
    ['another kind', CONFIG_MAPS, { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a' } }, 400, 'BadRequest', 'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1, Kind=Pod) to ConfigMap: unknown conversion'],
    ['another version', CONFIG_MAPS, { kind: 'ConfigMap', apiVersion: 'v2', metadata: { name: 'a' } }, 400, 'BadRequest', 'the API version in the data (v2) does not match the expected API version (v1)'],
    ['another namespace', CONFIG_MAPS, configMap('a', { metadata: { namespace: 'kube-system' } }), 400, 'BadRequest', 'the namespace of the provided object does not match the namespace sent on the request'],
    ['no name', CONFIG_MAPS, { metadata: {} }, 422, 'Invalid', 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required'],
    ['a broken body', CONFIG_MAPS, '{"metadata":', 400, 'BadRequest', 'the object provided is unrecognized'],
    ['no body', CONFIG_MAPS, '', 400, 'BadRequest', 'unable to parse the request body: it is empty'],
    ['a list as body', CONFIG_MAPS, [], 400, 'BadRequest', 'expected a mapping, got array'],
    ['a number as label', CONFIG_MAPS, configMap('a', { metadata: { labels: { x: 1 } } }), 400, 'BadRequest', 'cannot unmarshal integer into Go struct field'],
    ['a bad label value', CONFIG_MAPS, configMap('a', { metadata: { labels: { x: 'a b' } } }), 422, 'Invalid', 'metadata.labels: Invalid value: "a b"'],
    ['a selector that does not match', DEPLOYMENTS, deployment('a', { selector: { matchLabels: { app: 'b' } } }), 422, 'Invalid', '`selector` does not match template `labels`'],
    ['a mount without its volume', '/api/v1/namespaces/default/pods', { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/v' }] }] } }, 422, 'Invalid', 'spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ['a wrong type', DEPLOYMENTS, deployment('a', { replicas: 'three' }), 422, 'Invalid', 'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"'],
  ])('refuses %s', async (_what, path, body, code, reason, message) => {
    await t.call('POST', CONFIG_MAPS, configMap('taken'));
    const reply = await t.call('POST', path, body);
    expect(reply).toMatchObject({ code, body: { kind: 'Status', status: 'Failure', reason, code } });
    expect(reply.body['message']).toContain(message);
  });

  test('names the bad field of a 422 in its causes', async () => {
    const { body } = await t.call('POST', CONFIG_MAPS, configMap('Bad_Name'));
    expect(body['details']).toMatchObject({ name: 'Bad_Name', kind: 'ConfigMap', causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }] });
  });

  test.each([
    ['Strict', 400, undefined], ['Warn', 201, '299 - "unknown field \\"spec.replica\\""'], ['Ignore', 201, null],
  ])('an unknown field with fieldValidation=%s answers %i', async (mode, code, warning) => {
    const reply = await t.call('POST', `${DEPLOYMENTS}?fieldValidation=${mode}`, deployment('a', { replica: 2 }));
    expect(reply.code).toBe(code);
    if (code === 400) expect(reply.body['message']).toBe('Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"');
    else {
      expect(reply.headers.get('warning')).toBe(warning);
      expect(reply.body['spec']).not.toHaveProperty('replica');
    }
  });

  test('a dry run answers the object and stores nothing', async () => {
    const before = t.server.store.resourceVersion;
    expect((await t.call('POST', `${CONFIG_MAPS}?dryRun=All`, configMap('a'))).code).toBe(201);
    expect((await t.call('GET', `${CONFIG_MAPS}/a`)).code).toBe(404);
    expect(t.server.store.resourceVersion).toBe(before);
    expect((await t.call('POST', `${CONFIG_MAPS}?dryRun=Some`, configMap('a'))).code).toBe(400);
  });

  test('YAML is accepted, and a field named __proto__ is nothing', async () => {
    expect((await t.call('POST', CONFIG_MAPS, 'metadata: {name: y}\ndata: {k: v}\n', { type: 'application/yaml' })).body['data']).toEqual({ k: 'v' });
    const { body } = await t.call('POST', CONFIG_MAPS, '{"metadata":{"name":"p"},"data":{"__proto__":"x","a":"1"}}');
    expect(body['data']).toEqual({ a: '1' });
  });
});

describe('update', () => {
  test('an unchanged object keeps its version, a changed one gets the next', async () => {
    const { body } = await t.call('POST', CONFIG_MAPS, configMap('a'));
    expect((await t.call('PUT', `${CONFIG_MAPS}/a`, body)).body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    const changed = await t.call('PUT', `${CONFIG_MAPS}/a`, { ...body, data: { a: '2' } });
    expect(Number(changed.body.metadata.resourceVersion)).toBe(Number(body.metadata.resourceVersion) + 1);
  });

  test('an old version is a conflict', async () => {
    const { body } = await t.call('POST', CONFIG_MAPS, configMap('a'));
    await t.call('PUT', `${CONFIG_MAPS}/a`, { ...body, data: { a: '2' } });
    const reply = await t.call('PUT', `${CONFIG_MAPS}/a`, { ...body, data: { a: '3' } });
    expect(reply).toMatchObject({ code: 409, body: { reason: 'Conflict', details: { name: 'a', kind: 'configmaps' } } });
    expect(reply.body['message']).toBe('Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again');
  });

  test('another uid is a conflict, another name is a bad request, an absent object is not found', async () => {
    await t.call('POST', CONFIG_MAPS, configMap('a'));
    expect((await t.call('PUT', `${CONFIG_MAPS}/a`, configMap('a', { metadata: { uid: 'x' } }))).body['message']).toContain('Precondition failed: UID in precondition: x');
    expect((await t.call('PUT', `${CONFIG_MAPS}/a`, configMap('b'))).body['message']).toBe('the name of the object (b) does not match the name on the URL (a)');
    expect((await t.call('PUT', `${CONFIG_MAPS}/b`, configMap('b'))).body).toMatchObject({ code: 404, message: 'configmaps "b" not found' });
  });

  test('only spec changes count as a generation, and status has its own door', async () => {
    const { body } = await t.call('POST', DEPLOYMENTS, { ...deployment('a'), status: { replicas: 9 } });
    const labelled = await t.call('PATCH', `${DEPLOYMENTS}/a`, { metadata: { labels: { x: 'y' } } }, { type: MERGE });
    expect(labelled.body.metadata.generation).toBe(1);
    const scaled = await t.call('PATCH', `${DEPLOYMENTS}/a`, { spec: { replicas: 2 }, status: { replicas: 5 } }, { type: MERGE });
    expect(scaled.body.metadata.generation).toBe(2);
    expect(scaled.body['status']).not.toEqual({ replicas: 5 });
    const status = await t.call('PUT', `${DEPLOYMENTS}/a/status`, { ...body, metadata: { name: 'a' }, spec: { ...(body['spec'] as object), replicas: 7 }, status: { replicas: 2 } });
    expect(status.body).toMatchObject({ metadata: { generation: 2, labels: { x: 'y' } }, spec: { replicas: 2 }, status: { replicas: 2 } });
  });

  test('the selector of a Deployment does not change', async () => {
    await t.call('POST', DEPLOYMENTS, deployment('a'));
    const { body } = await t.call('PATCH', `${DEPLOYMENTS}/a`, { spec: { selector: { matchLabels: { app: 'b' } }, template: { metadata: { labels: { app: 'b' } } } } }, { type: MERGE });
    expect(body['message']).toContain('spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable');
  });

  test('a Service keeps its address when an update leaves it out', async () => {
    const service = { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } };
    const { body } = await t.call('POST', '/api/v1/namespaces/default/services', service);
    const ip = (body['spec'] as { clusterIP: string }).clusterIP;
    expect(ip).toMatch(/^10\.96\./);
    expect((await t.call('PUT', '/api/v1/namespaces/default/services/s', service)).body['spec']).toMatchObject({ clusterIP: ip, ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] });
  });

  test('the scale subresource reads and writes replicas', async () => {
    await t.call('POST', DEPLOYMENTS, deployment('a'));
    expect((await t.call('GET', `${DEPLOYMENTS}/a/scale`)).body).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { replicas: 0, selector: 'app=a' } });
    expect((await t.call('PATCH', `${DEPLOYMENTS}/a/scale`, { spec: { replicas: 4 } }, { type: MERGE })).body['spec']).toEqual({ replicas: 4 });
    expect((await t.call('GET', `${DEPLOYMENTS}/a`)).body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 4 } });
  });
});

describe('delete', () => {
  test('answers a Status with the uid, and 404 the second time', async () => {
    const { body } = await t.call('POST', CONFIG_MAPS, configMap('a'));
    expect((await t.call('DELETE', `${CONFIG_MAPS}/a`)).body).toEqual({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name: 'a', kind: 'configmaps', uid: body.metadata.uid } });
    expect((await t.call('DELETE', `${CONFIG_MAPS}/a`)).code).toBe(404);
  });

  test.each([['uid', 'UID'], ['resourceVersion', 'ResourceVersion']])('a wrong %s precondition is a conflict', async (field, word) => {
    await t.call('POST', CONFIG_MAPS, configMap('a'));
    const { code, body } = await t.call('DELETE', `${CONFIG_MAPS}/a`, { kind: 'DeleteOptions', preconditions: { [field]: 'other' } });
    expect(code).toBe(409);
    expect(body['message']).toContain(`Precondition failed: ${word} in precondition: other`);
  });

  test('finalizers hold the object, none may be added meanwhile, and the last one lets it go', async () => {
    await t.call('POST', CONFIG_MAPS, configMap('a', { metadata: { finalizers: ['x.io/hold'] } }));
    const { body } = await t.call('DELETE', `${CONFIG_MAPS}/a`);
    expect(body.metadata.deletionTimestamp).toBe('2026-01-02T03:04:05Z');
    const added = await t.call('PATCH', `${CONFIG_MAPS}/a`, { metadata: { finalizers: ['x.io/hold', 'x.io/more'] } }, { type: MERGE });
    expect(added.body['message']).toContain('no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.io/more"}');
    expect((await t.call('PATCH', `${CONFIG_MAPS}/a`, { metadata: { finalizers: [] } }, { type: MERGE })).code).toBe(200);
    expect((await t.call('GET', `${CONFIG_MAPS}/a`)).code).toBe(404);
  });

  test('a pod on a node waits for its kubelet, one without a node goes at once', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const pod = (name: string, spec: object): object => ({ metadata: { name }, spec: { containers: [{ name: 'c', image: 'x' }], ...spec } });
    await t.call('POST', pods, pod('free', {}));
    await t.call('POST', pods, pod('bound', { nodeName: 'n', terminationGracePeriodSeconds: 5 }));
    await t.call('DELETE', `${pods}/free`);
    expect((await t.call('GET', `${pods}/free`)).code).toBe(404);
    expect((await t.call('DELETE', `${pods}/bound`)).body.metadata).toMatchObject({ deletionGracePeriodSeconds: 5, deletionTimestamp: '2026-01-02T03:04:10Z' });
    expect((await t.call('GET', `${pods}/bound`)).code).toBe(200);
    await t.call('DELETE', `${pods}/bound?gracePeriodSeconds=0`);
    expect((await t.call('GET', `${pods}/bound`)).code).toBe(404);
  });

  test('a collection is deleted by selector', async () => {
    await t.call('POST', CONFIG_MAPS, configMap('a', { metadata: { labels: { x: '1' } } }));
    await t.call('POST', CONFIG_MAPS, configMap('b'));
    await t.call('DELETE', `${CONFIG_MAPS}?labelSelector=x%3D1`);
    expect((await t.call('GET', CONFIG_MAPS)).body.items?.map((o) => o.metadata.name)).toEqual(['b']);
  });
});

test('an event is one object under two API groups', async () => {
  const event = { metadata: { name: 'e' }, regarding: { kind: 'Pod', name: 'p' }, note: 'hello', reason: 'R', type: 'Normal', reportingController: 'me' };
  expect((await t.call('POST', '/apis/events.k8s.io/v1/namespaces/default/events', event)).body).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: 'hello' });
  expect((await t.call('GET', '/api/v1/namespaces/default/events/e')).body).toMatchObject({ apiVersion: 'v1', involvedObject: { kind: 'Pod', name: 'p' }, message: 'hello', reportingComponent: 'me' });
  expect((await t.call('GET', '/apis/events.k8s.io/v1/events?fieldSelector=regarding.name%3Dp')).body.items).toHaveLength(1);
  expect((await t.call('GET', '/api/v1/events?fieldSelector=involvedObject.name%3Dq')).body.items).toHaveLength(0);
});
