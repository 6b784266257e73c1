import { until } from '../../../../test/support/until';
import { APPLY, MERGE, startTestServer, type TestServer } from './support';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 9 },
        mode: { type: 'string', enum: ['Fast', 'Slow'], default: 'Fast' },
        name: { type: 'string', pattern: '^[a-z]+$' },
        port: { 'x-kubernetes-int-or-string': true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        parts: { type: 'array', maxItems: 2, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'], items: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, v: { type: 'integer' } } } },
      },
    },
    status: { type: 'object', properties: { ready: { type: 'integer' }, replicas: { type: 'integer' } } },
  },
};

const crd = (versions?: object[]): object => ({
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'] },
    versions: versions ?? [{
      name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema },
      subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' } },
      additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }, { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' }],
    }],
  },
});
const widget = (spec: object = { size: 1 }, name = 'w'): object => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec });

let t: TestServer;
beforeEach(async () => {
  t = await startTestServer();
  expect((await t.call('POST', CRDS, crd())).code).toBe(201);
});
afterEach(() => t.server.close());

describe('a definition', () => {
  test('is established, and its resource is discovered', async () => {
    await until('the kind is established', async () => JSON.stringify((await t.call('GET', `${CRDS}/widgets.example.com`)).body).includes('"Established"'));
    const { body } = await t.call('GET', '/apis/example.com/v1');
    expect(body['resources']).toEqual([
      expect.objectContaining({ name: 'widgets', kind: 'Widget', shortNames: ['wd'], namespaced: true }),
      expect.objectContaining({ name: 'widgets/status' }),
      expect.objectContaining({ name: 'widgets/scale', group: 'autoscaling', kind: 'Scale' }),
    ]);
  });

  test.each<[string, (c: { metadata: { name: string }; spec: { versions: { storage: boolean; schema: unknown }[] } }) => void, string]>([
    ['a name that is not plural.group', (c) => { c.metadata.name = 'x'; }, 'must be spec.names.plural+"."+spec.group'],
    ['no storage version', (c) => { for (const v of c.spec.versions) v.storage = false; }, 'must have exactly one version marked as storage version'],
    ['a version without a schema', (c) => { for (const v of c.spec.versions) v.schema = {}; }, 'schemas are required'],
    ['a field without a type', (c) => { for (const v of c.spec.versions) v.schema = { openAPIV3Schema: { type: 'object', properties: { a: {} } } }; }, 'properties[a].type: Required value'],
  ])('is refused with %s', async (_what, change, message) => {
    const bad = structuredClone(crd()) as Parameters<typeof change>[0];
    change(bad);
    const { code, body } = await t.call('POST', CRDS, bad);
    expect(code).toBe(422);
    expect(body['message']).toContain(message);
  });

  test('takes its instances along when it is deleted', async () => {
    await t.call('POST', WIDGETS, widget());
    await until('the finalizer is there', async () => ((await t.call('GET', `${CRDS}/widgets.example.com`)).body.metadata.finalizers ?? []).length > 0);
    const watch = await t.watch(`${WIDGETS}?watch=true`);
    await t.call('DELETE', `${CRDS}/widgets.example.com`);
    expect(await watch.take(2)).toEqual(['ADDED w', 'DELETED w']);
    watch.close();
    await until('the kind is gone', async () => (await t.call('GET', `${CRDS}/widgets.example.com`)).code === 404);
    expect((await t.call('GET', WIDGETS)).code).toBe(404);
  });

  test('with two versions serves each object in both', async () => {
    const version = (name: string, storage: boolean): object => ({ name, storage, served: true, schema: { openAPIV3Schema: schema } });
    await t.call('PATCH', `${CRDS}/widgets.example.com`, { spec: { versions: [version('v1', true), version('v1beta1', false)] } }, { type: MERGE });
    await t.call('POST', WIDGETS.replace('/v1/', '/v1beta1/'), { ...widget(), apiVersion: 'example.com/v1beta1' });
    expect((await t.call('GET', `${WIDGETS}/w`)).body.apiVersion).toBe('example.com/v1');
    expect((await t.call('GET', `${WIDGETS.replace('/v1/', '/v1beta1/')}/w`)).body.apiVersion).toBe('example.com/v1beta1');
    expect((await t.call('GET', '/apis/example.com')).body['preferredVersion']).toEqual({ groupVersion: 'example.com/v1', version: 'v1' });
  });
});

describe('a custom resource', () => {
  test('is defaulted, pruned with a warning, and counts generations', async () => {
    const { body, headers } = await t.call('POST', WIDGETS, { ...widget({ size: 1, siez: 2, free: { any: [1] } }), status: { ready: 1 } });
    expect(body['spec']).toEqual({ size: 1, mode: 'Fast', free: { any: [1] } });
    expect(body).not.toHaveProperty('status');
    expect(headers.get('warning')).toBe('299 - "unknown field \\"spec.siez\\""');
    await t.call('PATCH', `${WIDGETS}/w/status`, { status: { ready: 2 } }, { type: MERGE });
    const patched = await t.call('PATCH', `${WIDGETS}/w`, { spec: { size: 2 } }, { type: MERGE });
    expect(patched.body).toMatchObject({ metadata: { generation: 2 }, status: { ready: 2 } });
  });

  test.each<[object, string, string, string]>([
    [{}, 'FieldValueRequired', 'spec.size', 'Required value'],
    [{ size: '1' }, 'FieldValueTypeInvalid', 'spec.size', 'Invalid value: "string": spec.size in body must be of type integer: "string"'],
    [{ size: 0 }, 'FieldValueInvalid', 'spec.size', 'Invalid value: 0: spec.size in body should be greater than or equal to 1'],
    [{ size: 10 }, 'FieldValueInvalid', 'spec.size', 'Invalid value: 10: spec.size in body should be less than or equal to 9'],
    [{ size: 1, mode: 'fast' }, 'FieldValueNotSupported', 'spec.mode', 'Unsupported value: "fast": supported values: "Fast", "Slow"'],
    [{ size: 1, name: 'A' }, 'FieldValueInvalid', 'spec.name', 'Invalid value: "A": spec.name in body should match \'^[a-z]+$\''],
    [{ size: 1, port: true }, 'FieldValueTypeInvalid', 'spec.port', 'Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"'],
    [{ size: 1, parts: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }, 'FieldValueTooMany', 'spec.parts', 'Too many: 3: must have at most 2 items'],
    [{ size: 1, parts: [{ id: 'a' }, { id: 'a' }] }, 'FieldValueDuplicate', 'spec.parts[1]', 'Duplicate value: {"id":"a"}'],
  ])('with spec %j is refused by %s at %s', async (spec, reason, field, message) => {
    const { code, body } = await t.call('POST', WIDGETS, widget(spec));
    expect(code).toBe(422);
    expect(body['details']).toMatchObject({ name: 'w', group: 'example.com', kind: 'Widget', causes: [{ reason, field, message }] });
    expect(body['message']).toBe(`Widget.example.com "w" is invalid: ${field}: ${message}`);
  });

  test('in strict mode every unknown field is named', async () => {
    const { body } = await t.call('POST', `${WIDGETS}?fieldValidation=Strict`, widget({ size: 1, a: 1, parts: [{ id: 'x', b: 1 }] }));
    expect(body['message']).toBe('Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.a", unknown field "spec.parts[0].b"');
    await t.call('POST', WIDGETS, widget());
    const patched = await t.call('PATCH', `${WIDGETS}/w?fieldValidation=Strict`, { spec: { a: 1 } }, { type: MERGE });
    expect(patched).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
    expect(patched.body['message']).toContain('strict decoding error: unknown field "spec.a"');
  });

  test('an update must name a version, a strategic merge patch is refused', async () => {
    await t.call('POST', WIDGETS, widget());
    expect((await t.call('PUT', `${WIDGETS}/w`, widget())).body['message']).toContain('metadata.resourceVersion: Invalid value: 0: must be specified for an update');
    expect((await t.call('PATCH', `${WIDGETS}/w`, {}, { type: 'application/strategic-merge-patch+json' })).code).toBe(415);
  });

  test('lists merge under server-side apply by the keys of the schema', async () => {
    const parts = (id: string, v: number): object => widget({ size: 1, parts: [{ id, v }] });
    await t.call('PATCH', `${WIDGETS}/w?fieldManager=one`, parts('a', 1), { type: APPLY });
    const { body } = await t.call('PATCH', `${WIDGETS}/w?fieldManager=two`, parts('b', 2), { type: APPLY });
    expect((body['spec'] as { parts: unknown }).parts).toEqual(expect.arrayContaining([{ id: 'a', v: 1 }, { id: 'b', v: 2 }]));
    const undeclared = await t.call('PATCH', `${WIDGETS}/w?fieldManager=one`, widget({ size: 1, x: 1 }), { type: APPLY });
    expect(undeclared).toMatchObject({ code: 500, body: { message: 'failed to create typed patch object (default/w; example.com/v1, Kind=Widget): .spec.x: field not declared in schema' } });
  });

  test('scales by the paths of its definition and prints its columns', async () => {
    await t.call('POST', WIDGETS, widget());
    await t.call('PUT', `${WIDGETS}/w/scale`, { spec: { replicas: 5 } });
    const { body } = await t.call('GET', WIDGETS, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' });
    expect(body).toMatchObject({ kind: 'Table', columnDefinitions: [{ name: 'Name' }, { name: 'Size', type: 'integer' }, { name: 'Ready' }], rows: [{ cells: ['w', 5, ''], object: { kind: 'PartialObjectMetadata' } }] });
  });
});
