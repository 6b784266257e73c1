import type { KubeObject, StructuralSchema } from 'cdk8s-kserve/api';
import fc from 'fast-check';
import { applyConfiguration } from '../../../src/apiserver/ssa/apply';
import { fromFieldsV1, toFieldsV1 } from '../../../src/apiserver/ssa/field-set';

const SCHEMA: StructuralSchema = {
  type: 'object',
  properties: {
    metadata: { type: 'object', properties: { labels: { type: 'object', additionalProperties: { type: 'string' } } } },
    spec: {
      type: 'object',
      properties: {
        flag: { type: 'boolean' },
        map: { type: 'object', additionalProperties: { type: 'integer' } },
        words: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        atomic: { type: 'array', items: { type: 'integer' } },
        items: {
          type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string' }, a: { type: 'integer' }, b: { type: 'integer' } } },
        },
      },
    },
  },
};

const key = fc.constantFrom('k1', 'k2', 'k3');
const spec = fc.record({
  flag: fc.boolean(),
  map: fc.dictionary(key, fc.nat(3), { minKeys: 1 }),
  words: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }),
  atomic: fc.array(fc.nat(3), { minLength: 1 }),
  items: fc.uniqueArray(fc.record({ name: key, a: fc.nat(3), b: fc.nat(3) }, { requiredKeys: ['name'] }), { selector: (item) => item.name, minLength: 1 }),
}, { requiredKeys: [] });

const config = (value: object): KubeObject => ({ apiVersion: 'x/v1', kind: 'X', metadata: { name: 'o', labels: { l: '1' } }, spec: value });

function apply(live: KubeObject | undefined, value: object, manager: string, force = true): KubeObject {
  return applyConfiguration(live, config(value), {
    schema: SCHEMA, force, time: '2026-01-01T00:00:00Z', hasStatusSubresource: true,
    writer: { manager, operation: 'Apply', apiVersion: 'x/v1', subresource: '' },
  });
}

const specOf = (object: KubeObject): unknown => object['spec'] ?? {};

describe('applyConfiguration', () => {
  test('the same configuration twice changes nothing', () => {
    fc.assert(fc.property(spec, spec, (other, value) => {
      const once = apply(apply(undefined, other, 'other'), value, 'me');
      expect(apply(once, value, 'me')).toEqual(once);
    }));
  });

  test('a manager alone gets exactly what it applied last', () => {
    fc.assert(fc.property(spec, spec, (first, second) => {
      expect(sorted(specOf(apply(apply(undefined, first, 'me'), second, 'me')))).toEqual(sorted(second));
    }));
  });

  test('after a forced apply, every value applied is there', () => {
    fc.assert(fc.property(spec, spec, (other, value) => {
      expect(sorted(specOf(apply(apply(undefined, other, 'other'), value, 'me')))).toMatchObject(scalarPart(value));
    }));
  });

  test('managers of disjoint fields never conflict, and neither removes what the other applied', () => {
    fc.assert(fc.property(fc.dictionary(key, fc.nat(3), { minKeys: 1 }), fc.boolean(), fc.array(fc.nat(3), { minLength: 1 }), (map, flag, atomic) => {
      const both = apply(apply(undefined, { map }, 'one', false), { flag, atomic }, 'two', false);
      expect(specOf(both)).toEqual({ map, flag, atomic });
      expect(specOf(apply(both, {}, 'one', false))).toEqual({ flag, atomic });
      expect(specOf(apply(both, {}, 'two', false))).toEqual({ map });
    }));
  });

  test('the same values from two managers are shared, and stay until both let go', () => {
    fc.assert(fc.property(spec, (value) => {
      const both = apply(apply(undefined, value, 'one', false), value, 'two', false);
      const left = apply(both, {}, 'one', false);
      expect(sorted(specOf(left))).toEqual(sorted(value));
      expect(specOf(apply(left, {}, 'two', false))).toEqual({});
    }));
  });

  test('owners survive the way through managedFields', () => {
    fc.assert(fc.property(spec, (value) => {
      const [entry] = apply(undefined, value, 'me').metadata.managedFields as [{ fieldsV1: object }];
      expect(toFieldsV1(fromFieldsV1(entry.fieldsV1))).toEqual(entry.fieldsV1);
    }));
  });
});

/** Lists that merge keep the order of earlier writers; the order is not what is tested here. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'number') ? value : value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, child]) => [name, sorted(child)]));
}

function scalarPart(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name === 'flag' || name === 'map' || name === 'atomic'));
}
