import { CONFIG_MAPS, configMap, deployment, DEPLOYMENTS, MERGE, startTestServer, type TestServer } from './support';

let t: TestServer;
beforeEach(async () => { t = await startTestServer(); });
afterEach(() => t.server.close());

const managers = (body: { metadata: { managedFields?: readonly unknown[] } }): string[] =>
  (body.metadata.managedFields as { manager: string; operation: string; subresource?: string }[]).map((m) => `${m.manager} ${m.operation}${m.subresource ? `/${m.subresource}` : ''}`);

describe('server-side apply', () => {
  test('creates with 201, changes with 200, and writes nothing when nothing changes', async () => {
    const config = { ...configMap('a'), data: { x: '1' } };
    const first = await t.apply(`${CONFIG_MAPS}/a`, config);
    expect(first.code).toBe(201);
    expect(first.body.metadata.managedFields).toEqual([expect.objectContaining({ manager: 'me', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:x': {} } } })]);
    const version = t.server.store.resourceVersion;
    expect(await t.apply(`${CONFIG_MAPS}/a`, config)).toMatchObject({ code: 200, body: { metadata: { resourceVersion: first.body.metadata.resourceVersion } } });
    expect(t.server.store.resourceVersion).toBe(version);
    expect((await t.apply(`${CONFIG_MAPS}/a`, { ...config, data: { x: '2' } })).body['data']).toEqual({ x: '2' });
  });

  test('takes YAML', async () => {
    expect((await t.apply(`${CONFIG_MAPS}/a`, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "1"}\n')).body['data']).toEqual({ x: '1' });
  });

  test('a field of another manager is a conflict that names it, unless forced', async () => {
    await t.apply(`${DEPLOYMENTS}/a`, deployment('a', { replicas: 1 }), 'fieldManager=one');
    const conflict = await t.apply(`${DEPLOYMENTS}/a`, deployment('a', { replicas: 2 }), 'fieldManager=two');
    expect(conflict).toMatchObject({ code: 409, body: { reason: 'Conflict', message: 'Apply failed with 1 conflict: conflict with "one": .spec.replicas', details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.replicas' }] } } });
    const forced = await t.apply(`${DEPLOYMENTS}/a`, deployment('a', { replicas: 2 }), 'fieldManager=two&force=true');
    expect(forced.body['spec']).toMatchObject({ replicas: 2 });
    expect((await t.apply(`${DEPLOYMENTS}/a`, deployment('a', { replicas: 3 }), 'fieldManager=one')).body['message']).toContain('conflict with "two": .spec.replicas');
  });

  test('several conflicts are listed by manager', async () => {
    await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { x: '1', y: '1' } }, 'fieldManager=one');
    await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { z: '1' } }, 'fieldManager=two');
    const { body } = await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { x: '2', y: '2', z: '2' } }, 'fieldManager=three');
    expect(body['message']).toBe('Apply failed with 3 conflicts: conflicts with "one":\n- .data.x\n- .data.y\nconflicts with "two":\n- .data.z');
  });

  test('a plain update owns what it changes, with its version and time in the conflict', async () => {
    await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { x: '1' } });
    await t.call('PATCH', `${CONFIG_MAPS}/a`, { data: { x: '2' } }, { type: MERGE, userAgent: 'kubectl-edit/v1.0' });
    const { body } = await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { x: '1' } });
    expect(body['message']).toMatch(/^Apply failed with 1 conflict: conflict with "kubectl-edit" using v1 at \d{4}-.*Z: \.data\.x$/);
  });

  test('a writer may state who owns what; an empty list forgets everybody', async () => {
    await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { x: '1', y: '1' } }, 'fieldManager=one');
    const fieldsV1 = { 'f:data': { 'f:x': {} } };
    const stated = [{ manager: 'two', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 }];
    const moved = await t.call('PATCH', `${CONFIG_MAPS}/a`, [{ op: 'replace', path: '/metadata/managedFields', value: stated }], { type: 'application/json-patch+json' });
    expect(moved.body.metadata.managedFields).toEqual([expect.objectContaining({ manager: 'two', fieldsV1 })]);
    expect((await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { x: '2' } }, 'fieldManager=three')).body['message']).toBe('Apply failed with 1 conflict: conflict with "two": .data.x');
    const emptied = await t.call('PATCH', `${CONFIG_MAPS}/a`, { metadata: { managedFields: [] } }, { type: MERGE });
    expect(emptied.body.metadata.managedFields ?? []).toEqual([]);
  });

  test('what a manager stops applying goes, unless somebody else owns it too', async () => {
    await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { mine: '1', shared: '1' } }, 'fieldManager=one');
    await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { shared: '1', theirs: '1' } }, 'fieldManager=two');
    const { body } = await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { other: '1' } }, 'fieldManager=one');
    expect(body['data']).toEqual({ shared: '1', theirs: '1', other: '1' });
  });

  test('containers, ports and env merge by key across managers', async () => {
    const withMain = (main: object): object => deployment('a', { template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'main', ...main }] } } });
    await t.apply(`${DEPLOYMENTS}/a`, withMain({ image: 'x:1', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }), 'fieldManager=one');
    await t.apply(`${DEPLOYMENTS}/a`, {
      ...deployment('a'), spec: { template: { spec: { containers: [{ name: 'side', image: 'y:1' }, { name: 'main', env: [{ name: 'B', value: '2' }], ports: [{ containerPort: 80, name: 'http' }] }] } } },
    }, 'fieldManager=two');
    const { body } = await t.apply(`${DEPLOYMENTS}/a`, withMain({ image: 'x:2' }), 'fieldManager=one');
    expect(body['spec']).toMatchObject({ template: { spec: { containers: [
      { name: 'side', image: 'y:1' }, { name: 'main', image: 'x:2', env: [{ name: 'B', value: '2' }], ports: [{ containerPort: 80, protocol: 'TCP', name: 'http' }] },
    ] } } });
  });

  test('a removed container goes with its defaulted fields', async () => {
    const containers = (...names: string[]): object => deployment('a', { template: { metadata: { labels: { app: 'a' } }, spec: { containers: names.map((name) => ({ name, image: 'x:1' })) } } });
    await t.apply(`${DEPLOYMENTS}/a`, containers('one', 'two'));
    const { body } = await t.apply(`${DEPLOYMENTS}/a`, containers('two'));
    expect((body['spec'] as { template: { spec: { containers: { name: string }[] } } }).template.spec.containers.map((c) => c.name)).toEqual(['two']);
  });

  test('status is applied through its subresource alone, conditions by type', async () => {
    await t.apply(`${DEPLOYMENTS}/a`, { ...deployment('a'), status: { replicas: 3 } });
    const status = (manager: string, type: string): Promise<{ body: { metadata: object } }> => t.apply(`${DEPLOYMENTS}/a/status`, { ...deployment('a', { replicas: 9 }), status: { conditions: [{ type, status: 'True' }] } }, `fieldManager=${manager}`);
    await status('one', 'Available');
    const { body } = await status('two', 'Progressing');
    expect(body).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { conditions: [{ type: 'Available' }, { type: 'Progressing' }] } });
    expect(body).not.toHaveProperty('status.replicas');
    expect(managers(body as never)).toEqual(['me Apply', 'one Apply/status', 'two Apply/status']);
  });

  test.each<[string, string, unknown, number, string]>([
    ['no field manager', '', configMap('a'), 422, 'fieldManager: Required value: is required for apply patch'],
    ['managedFields in the configuration', 'fieldManager=me', { ...configMap('a'), metadata: { name: 'a', managedFields: [] } }, 400, 'metadata.managedFields must be nil'],
    ['an undeclared field', 'fieldManager=me', { ...configMap('a'), dat: {} }, 500, 'failed to create typed patch object (default/a; v1, Kind=ConfigMap): .dat: field not declared in schema'],
    ['broken YAML', 'fieldManager=me', 'a: [', 400, 'error decoding YAML'],
    ['another name', 'fieldManager=me', configMap('b'), 400, 'the name of the object (b) does not match the name on the URL (a)'],
    ['an old resourceVersion', 'fieldManager=me', configMap('old', { metadata: { resourceVersion: '1' } }), 409, 'the object has been modified'],
  ])('refuses %s', async (what, query, body, code, message) => {
    const name = what.startsWith('an old') ? 'old' : 'a';
    await t.call('POST', CONFIG_MAPS, configMap('old'));
    const reply = await t.apply(`${CONFIG_MAPS}/${name}`, body, query);
    expect(reply.code).toBe(code);
    expect(reply.body['message']).toContain(message);
  });

  test('status cannot be applied to an object that is not there', async () => {
    expect((await t.apply(`${DEPLOYMENTS}/a/status`, deployment('a'))).code).toBe(404);
  });

  test('a dry run reports the outcome and changes nothing', async () => {
    await t.apply(`${CONFIG_MAPS}/a`, configMap('a'));
    const version = t.server.store.resourceVersion;
    expect((await t.apply(`${CONFIG_MAPS}/a`, { ...configMap('a'), data: { b: '2' } }, 'fieldManager=me&dryRun=All')).body['data']).toEqual({ b: '2' });
    expect(t.server.store.resourceVersion).toBe(version);
  });
});
