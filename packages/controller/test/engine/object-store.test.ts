import { ObjectStore } from '../../src/engine/object-store';
import { isOlder } from '../../src/engine/resource-version';
import { widget } from '../support/scripted-kube-api';

const version = (store: ObjectStore): string | undefined => store.get('default/a')?.metadata.resourceVersion;

describe('ObjectStore, after a write of our own', () => {
  test('shows the written object at once and ignores events from before the write', () => {
    const store = new ObjectStore();
    store.upsert(widget('a', '5'));
    store.observe(widget('a', '9'));
    expect(store.upsert(widget('a', '7'))).toBeUndefined();
    expect(version(store)).toBe('9');
    expect(store.upsert(widget('a', '9'))).toBeUndefined();
    expect(store.upsert(widget('a', '12'))?.type).toBe('updated');
  });

  test('an answer that arrives after its own watch event changes nothing', () => {
    const store = new ObjectStore();
    store.upsert(widget('a', '12'));
    store.observe(widget('a', '9'));
    expect(version(store)).toBe('12');
  });

  test('an answer that arrives after the object is gone does not bring it back', () => {
    const store = new ObjectStore();
    store.upsert(widget('a', '5'));
    store.remove(widget('a', '12'));
    expect(store.observe(widget('a', '9'))).toBeUndefined();
    expect(version(store)).toBeUndefined();
    store.observe(widget('a', '15'));
    expect(version(store)).toBe('15');
  });

  test('nor one that a relist no longer has', () => {
    const store = new ObjectStore();
    store.upsert(widget('a', '5'));
    store.replace([], '12', 'default');
    store.observe(widget('a', '9'));
    expect(version(store)).toBeUndefined();
  });

  test('a write that its own watch is behind of is shown, whatever is seen of other namespaces', () => {
    const store = new ObjectStore();
    const elsewhere = widget('b', '20');
    store.upsert({ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: 'other' } });
    store.observe(widget('a', '9'));
    expect(version(store)).toBe('9');
  });

  test('survives a relist from before the write, and not one from after it', () => {
    const store = new ObjectStore();
    store.observe(widget('a', '9'));
    expect(store.replace([], '8')).toEqual([]);
    expect(version(store)).toBe('9');
    expect(store.replace([], '10').map((c) => c.type)).toEqual(['deleted']);
  });

  test('a late deletion event of its predecessor does not remove it', () => {
    const store = new ObjectStore();
    store.upsert(widget('a', '5'));
    store.observe(widget('a', '9'));
    expect(store.remove(widget('a', '7'))).toBeUndefined();
    expect(store.remove(widget('a', '11'))?.type).toBe('deleted');
  });

  test('a restored server whose versions went back is believed', () => {
    const store = new ObjectStore();
    store.upsert(widget('a', '500'));
    store.replace([widget('a', '20')], '30');
    expect(version(store)).toBe('20');
  });
});

test.each([
  ['1', '2', true],
  ['9', '10', true],
  ['10', '9', false],
  ['18446744073709551615', '18446744073709551616', true],
  ['5', '5', false],
  ['abc', '5', false],
  [undefined, '5', false],
])('isOlder(%s, %s) is %s', (a, b, expected) => {
  expect(isOlder(a, b)).toBe(expected);
});
