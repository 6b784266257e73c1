import { checkSchema, problemLine, type StructuralSchema } from 'cdk8s-kserve/api';

const SCHEMA: StructuralSchema = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['image'],
      properties: {
        image: { type: 'string', minLength: 1, maxLength: 5 },
        replicas: { type: 'integer', minimum: 0, maximum: 10 },
        ratio: { type: 'number', exclusiveMinimum: true, minimum: 0, multipleOf: 0.25 },
        mode: { type: 'string', enum: ['Fast', 'Slow'] },
        name: { type: 'string', pattern: '^[a-z]+$' },
        since: { type: 'string', format: 'date-time' },
        port: { 'x-kubernetes-int-or-string': true },
        labels: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 2 },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        note: { type: 'string', nullable: true },
        items: { type: 'array', maxItems: 2, items: { type: 'object', properties: { id: { type: 'string' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'] },
        tags: { type: 'array', minItems: 1, items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        choice: {
          type: 'object',
          properties: { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: 'integer' } },
          oneOf: [{ required: ['a'] }, { required: ['b'] }],
          not: { required: ['c'] },
        },
      },
    },
  },
};

const object = (spec: object): object => ({ apiVersion: 'x/v1', kind: 'X', metadata: { name: 'a', anything: 1 }, spec: { image: 'i', ...spec } });
const lines = (value: unknown): string[] => checkSchema(SCHEMA, value).map(problemLine);

describe('checkSchema', () => {
  test('a value that fits has no problems', () => {
    const spec = {
      replicas: 3, ratio: 0.5, mode: 'Fast', name: 'abc', since: '2026-01-31T10:00:00Z', port: 'http', labels: { a: 'b' }, free: { any: { thing: [1] } },
      note: null, items: [{ id: 'a' }, { id: 'b' }], tags: ['a', 'b'], choice: { a: 1 },
    };
    expect(lines(object(spec))).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['a misspelt field, with the near name', { replica: 1 }, 'spec.replica: unknown field "replica"; did you mean "replicas"'],
    ['a field in the wrong case', { Mode: 'Fast' }, 'spec.Mode: unknown field "Mode"; did you mean "mode"'],
    ['a field inside a list item', { items: [{ id: 'a', nme: 1 }] }, 'spec.items[0].nme: unknown field "nme"; known fields are id'],
    ['a string for an integer', { replicas: '3' }, 'spec.replicas: must be an integer, got "3"'],
    ['a fraction for an integer', { replicas: 1.5 }, 'spec.replicas: must be an integer, got 1.5'],
    ['a mapping for a string', { image: {} }, 'spec.image: must be a string, got an object'],
    ['null where it is not allowed', { mode: null }, 'spec.mode: must be a string, got null'],
    ['a boolean for int-or-string', { port: true }, 'spec.port: must be an integer or a string, got true'],
    ['a number below the minimum', { replicas: -1 }, 'spec.replicas: must be >= 0, got -1'],
    ['a number above the maximum', { replicas: 11 }, 'spec.replicas: must be <= 10, got 11'],
    ['a number at an exclusive bound', { ratio: 0 }, 'spec.ratio: must be > 0, got 0'],
    ['a number that is no multiple', { ratio: 0.3 }, 'spec.ratio: must be a multiple of 0.25, got 0.3'],
    ['a value outside an enum', { mode: 'fast' }, 'spec.mode: must be one of "Fast", "Slow", got "fast"; did you mean "Fast"'],
    ['a string against its pattern', { name: 'A1' }, 'spec.name: must match ^[a-z]+$, got "A1"'],
    ['a string against its format', { since: '2026-02-30T10:00:00Z' }, 'spec.since: must have the format date-time, got "2026-02-30T10:00:00Z"'],
    ['a string that is too short', { image: '' }, 'spec.image: must have at least 1 characters, got ""'],
    ['a string that is too long', { image: 'abcdef' }, 'spec.image: must have at most 5 characters, got "abcdef"'],
    ['too many fields', { labels: { a: '1', b: '2', c: '3' } }, 'spec.labels: must have at most 2 fields, got 3'],
    ['a wrong value in a map', { labels: { a: 1 } }, 'spec.labels.a: must be a string, got 1'],
    ['too many items', { items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }, 'spec.items: must have at most 2 items, got 3'],
    ['too few items', { tags: [] }, 'spec.tags: must have at least 1 items, got 0'],
    ['a repeated key', { items: [{ id: 'a' }, { id: 'a' }] }, 'spec.items[1]: repeats an earlier entry of the list: {"id":"a"}'],
    ['a repeated member of a set', { tags: ['a', 'a'] }, 'spec.tags[1]: repeats an earlier entry of the list: "a"'],
    ['no alternative of oneOf', { choice: {} }, 'spec.choice: must satisfy exactly one of its alternatives, got an object'],
    ['both alternatives of oneOf', { choice: { a: 1, b: 1 } }, 'spec.choice: must satisfy exactly one of its alternatives, got an object'],
    ['the excluded form', { choice: { a: 1, c: 1 } }, 'spec.choice: must not have the form that its schema excludes, got an object'],
  ])('reports %s', (_what, spec, line) => {
    expect(lines(object(spec))).toEqual([line]);
  });

  test('reports all problems together, in document order', () => {
    expect(lines({ spec: { replicas: 'x', mode: 'y', foo: 1 } }).map((line) => line.split(':')[0])).toEqual(['spec.image', 'spec.replicas', 'spec.mode', 'spec.foo']);
  });

  test('a whole object may carry apiVersion, kind and metadata, a part of one may not', () => {
    expect(checkSchema({ type: 'object', properties: {} }, { apiVersion: 'v1', metadata: {} })).toEqual([]);
    expect(checkSchema({ type: 'object', properties: {} }, { metadata: {} }, 'spec')).toHaveLength(1);
  });

  test.each<[string, unknown]>([['null', null], ['a list', []], ['a string', 'x'], ['undefined', undefined]])('%s in place of an object is one problem at the root', (_what, value) => {
    expect(checkSchema(SCHEMA, value)).toEqual([expect.objectContaining({ code: 'ISVC_API_WRONG_TYPE', path: '(root)' })]);
  });

  test('a pattern that JavaScript cannot compile refuses nothing', () => {
    expect(checkSchema({ type: 'string', pattern: '(?P<name>x)(' }, 'y', 'a')).toEqual([]);
  });
});
