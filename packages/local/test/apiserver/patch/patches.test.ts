import type { StructuralSchema } from 'cdk8s-kserve/api';
import fc from 'fast-check';
import { applyJsonPatch } from '../../../src/apiserver/patch/json-patch';
import { applyMergePatch } from '../../../src/apiserver/patch/merge-patch';
import { applyStrategicMergePatch } from '../../../src/apiserver/patch/strategic-merge-patch';

describe('applyJsonPatch', () => {
  test.each<[string, unknown, object, unknown]>([
    ['add a field', {}, { op: 'add', path: '/a', value: 1 }, { a: 1 }],
    ['append to a list', { a: [1] }, { op: 'add', path: '/a/-', value: 2 }, { a: [1, 2] }],
    ['insert into a list', { a: [1, 3] }, { op: 'add', path: '/a/1', value: 2 }, { a: [1, 2, 3] }],
    ['replace in a list', { a: [1, 2] }, { op: 'replace', path: '/a/0', value: 9 }, { a: [9, 2] }],
    ['remove', { a: 1, b: 2 }, { op: 'remove', path: '/a' }, { b: 2 }],
    ['move', { a: 1 }, { op: 'move', from: '/a', path: '/b' }, { b: 1 }],
    ['copy', { a: { x: 1 } }, { op: 'copy', from: '/a', path: '/b' }, { a: { x: 1 }, b: { x: 1 } }],
    ['test that holds', { a: [1] }, { op: 'test', path: '/a', value: [1] }, { a: [1] }],
    ['escaped names', { 'x/y': { '~': 1 } }, { op: 'replace', path: '/x~1y/~0', value: 2 }, { 'x/y': { '~': 2 } }],
    ['replace the whole', { a: 1 }, { op: 'replace', path: '', value: { b: 1 } }, { b: 1 }],
  ])('%s', (_what, target, operation, expected) => {
    const before = structuredClone(target);
    expect(applyJsonPatch(target, [operation])).toEqual(expected);
    expect(target).toEqual(before);
  });

  test.each<[string, unknown, number]>([
    ['a mapping in place of a list', {}, 400], ['an operation that is no mapping', [1], 400], ['an unknown operation', [{ op: 'merge', path: '/a' }], 422],
    ['a missing path', [{ op: 'remove', path: '/x/y' }], 422], ['an index too large', [{ op: 'add', path: '/l/9', value: 1 }], 422], ['a failed test', [{ op: 'test', path: '/l', value: 1 }], 422],
    ['no pointer', [{ op: 'add', path: 'a', value: 1 }], 422], ['too many operations', new Array(10_001).fill({ op: 'test', path: '', value: {} }), 413],
  ])('refuses %s', (_what, patch, code) => {
    expect(() => applyJsonPatch({ l: [1] }, patch)).toThrow(expect.objectContaining({ code }));
  });
});

describe('applyMergePatch', () => {
  test('merges mappings, replaces lists, removes by null', () => {
    expect(applyMergePatch({ a: { b: 1, c: 2 }, l: [1, 2] }, { a: { b: null, d: 3 }, l: [3] })).toEqual({ a: { c: 2, d: 3 }, l: [3] });
  });

  test('applying a patch twice is applying it once', () => {
    const json = fc.object({ maxDepth: 2, withNullPrototype: false, values: [fc.integer(), fc.constant(null), fc.string()] });
    fc.assert(fc.property(json, json, (target, patch) => {
      const once = applyMergePatch(target, patch);
      expect(applyMergePatch(once, patch)).toEqual(once);
    }));
  });
});

describe('applyStrategicMergePatch', () => {
  const schema: StructuralSchema = {
    type: 'object',
    properties: {
      containers: {
        type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', properties: { args: { type: 'array', items: { type: 'string' } } } },
      },
      finalizers: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    },
  };
  const target = { containers: [{ name: 'a', image: '1', args: ['x'] }, { name: 'b', image: '1' }], finalizers: ['f'], map: { x: 1 } };

  test.each<[string, object, object]>([
    ['an entry by its key', { containers: [{ name: 'b', image: '2' }] }, { containers: [{ name: 'a', image: '1', args: ['x'] }, { name: 'b', image: '2' }] }],
    ['a new entry', { containers: [{ name: 'c' }] }, { containers: [{ name: 'a', image: '1', args: ['x'] }, { name: 'b', image: '1' }, { name: 'c' }] }],
    ['an atomic list inside of an entry', { containers: [{ name: 'a', args: ['y'] }] }, { containers: [{ name: 'a', image: '1', args: ['y'] }, { name: 'b', image: '1' }] }],
    ['$patch: delete', { containers: [{ name: 'a', $patch: 'delete' }] }, { containers: [{ name: 'b', image: '1' }] }],
    ['$patch: replace in a list', { containers: [{ $patch: 'replace' }, { name: 'z' }] }, { containers: [{ name: 'z' }] }],
    ['$patch: replace of a mapping', { map: { $patch: 'replace', y: 2 } }, { map: { y: 2 } }],
    ['$retainKeys', { map: { $retainKeys: ['y'], y: 2 } }, { map: { y: 2 } }],
    ['members of a set', { finalizers: ['g', 'f'] }, { finalizers: ['f', 'g'] }],
    ['$deleteFromPrimitiveList', { '$deleteFromPrimitiveList/finalizers': ['f'] }, { finalizers: [] }],
    ['$setElementOrder', { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [{ name: 'b', image: '3' }] }, { containers: [{ name: 'b', image: '3' }, { name: 'a', image: '1', args: ['x'] }] }],
    ['null', { map: null, finalizers: null }, {}],
  ])('%s', (_what, patch, expected) => {
    expect(applyStrategicMergePatch(schema, target, patch)).toMatchObject(expected);
    if ('map' in patch && patch.map === null) expect(applyStrategicMergePatch(schema, target, patch)).not.toHaveProperty('map');
  });

  test.each<[string, object]>([['an entry without its key', { containers: [{ image: '1' }] }], ['an unknown directive', { $foo: 1 }], ['an unknown $patch', { map: { $patch: 'x' } }]])('refuses %s', (_what, patch) => {
    expect(() => applyStrategicMergePatch(schema, target, patch)).toThrow(expect.objectContaining({ code: 400 }));
  });
});
