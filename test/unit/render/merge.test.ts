import fc from 'fast-check';
import { deepMerge, mergeContainer, mergeKeyed, mergePodFields } from '../../../src/render/pod/merge';

interface Item {
  readonly k: string;
  readonly v?: number;
}
const merge = (base: readonly Item[] | undefined, overlay: readonly Item[] | undefined): readonly Item[] | undefined => mergeKeyed(base, overlay, (i) => i.k);
const keys = (items: readonly Item[] | undefined): string => (items ?? []).map((i) => i.k).join('');
const list = (text: string): Item[] => [...text].map((k) => ({ k }));

describe('mergeKeyed', () => {
  it.each([
    ['AB', 'C', 'CAB'],
    ['PQ', 'QR', 'PQR'],
    ['AB', 'BA', 'BA'],
    ['ABC', 'XC', 'XABC'],
    ['', 'AB', 'AB'],
    ['AB', '', 'AB'],
  ])('orders base %s and overlay %s as Kubernetes does: %s', (base, overlay, expected) => {
    expect(keys(merge(list(base), list(overlay)))).toBe(expected);
  });

  const items = fc.uniqueArray(fc.record({ k: fc.constantFrom(...'abcdefgh'), v: fc.integer() }), { selector: (i) => i.k });

  it('keeps every key exactly once, with the overlay\'s value where both have one', () => {
    fc.assert(
      fc.property(items, items, (base, overlay) => {
        const merged = merge(base, overlay) ?? [];
        expect(new Set(merged.map((i) => i.k)).size).toBe(merged.length);
        expect(new Set(merged.map((i) => i.k))).toEqual(new Set([...base, ...overlay].map((i) => i.k)));
        for (const item of overlay) expect(merged).toContainEqual(item);
      }),
    );
  });

  it('changes nothing when applied twice', () => {
    fc.assert(fc.property(items, items, (base, overlay) => expect(merge(merge(base, overlay), overlay)?.length).toBe(merge(base, overlay)?.length)));
  });
});

describe('mergeContainer', () => {
  const base = {
    name: 'kserve-container',
    image: 'a:1',
    args: ['--model_name=x'],
    env: [{ name: 'A', value: '1' }],
    resources: { limits: { cpu: '1', memory: '1Gi' } },
  };

  it('appends arguments, replaces the command and keeps the name', () => {
    const merged = mergeContainer(base, { name: 'other', args: ['--workers=2'], command: ['run'] });
    expect(merged).toMatchObject({ name: 'kserve-container', args: ['--model_name=x', '--workers=2'], command: ['run'] });
  });

  it('merges resources by key, extended resources included', () => {
    expect(mergeContainer(base, { resources: { limits: { cpu: '2', 'nvidia.com/gpu': 1 } } }).resources).toEqual({ limits: { cpu: '2', memory: '1Gi', 'nvidia.com/gpu': 1 } });
  });

  it('replaces the source of an environment variable instead of mixing two', () => {
    const valueFrom = { secretKeyRef: { name: 's', key: 'k' } };
    expect(mergeContainer(base, { env: [{ name: 'A', valueFrom }] }).env).toEqual([{ name: 'A', valueFrom }]);
  });

  it('leaves its inputs alone', () => {
    const before = JSON.stringify(base);
    mergeContainer(base, { args: ['x'], resources: { limits: { cpu: '9' } } });
    expect(JSON.stringify(base)).toBe(before);
  });
});

describe('mergePodFields', () => {
  it('merges node selectors, replaces tolerations and drops what KServe ignores', () => {
    const merged = mergePodFields(
      { nodeSelector: { a: '1', b: '1' }, tolerations: [{ key: 'x' }], hostIPC: true },
      { nodeSelector: { b: '2' }, tolerations: [{ key: 'y' }], serviceAccountName: 'sa' },
    );
    expect(merged).toEqual({ nodeSelector: { a: '1', b: '2' }, tolerations: [{ key: 'y' }], serviceAccountName: 'sa' });
  });
});

describe('deepMerge', () => {
  it('merges maps and replaces lists and scalars', () => {
    expect(deepMerge({ a: { b: 1, c: [1] }, d: 1 }, { a: { c: [2] }, d: 2 })).toEqual({ a: { b: 1, c: [2] }, d: 2 });
  });
});
