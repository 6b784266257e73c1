import { Informer } from '../../src/engine/informer';
import type { ObjectChange } from '../../src/engine/object-store';
import { KubeApiError } from '../../src/kube/kube-api-error';
import type { ListResult, WatchEvent } from '../../src/kube/kube-api';
import { FakeClock, settle } from '../support/fake-clock';
import { ScriptedKubeApi, WIDGETS, widget, type WatchScript } from '../support/scripted-kube-api';

const gone = new KubeApiError({ request: 'watch', statusCode: 410, reason: 'Expired' });

function list(resourceVersion: string, ...items: ReturnType<typeof widget>[]): ListResult {
  return { items, resourceVersion };
}

const added = (name: string, version: string): WatchEvent => ({ type: 'ADDED', object: widget(name, version) });
const modified = (name: string, version: string): WatchEvent => ({ type: 'MODIFIED', object: widget(name, version) });
const deleted = (name: string, version: string): WatchEvent => ({ type: 'DELETED', object: widget(name, version) });

interface Started {
  readonly informer: Informer;
  readonly script: ScriptedKubeApi;
  readonly clock: FakeClock;
  /** `added a`, `updated a 1->2`, `deleted a`, in order. */
  readonly seen: string[];
}

const started: Informer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((informer) => informer.stop()));
});

async function start(
  lists: readonly (ListResult | Error)[], watches: readonly WatchScript[], options: { namespaces?: string[] } = {},
): Promise<Started> {
  const script = new ScriptedKubeApi(lists, watches);
  const clock = new FakeClock();
  const informer = new Informer({
    api: script.asKubeApi(), resource: WIDGETS, clock, backoff: { baseMs: 100, maxMs: 1000, random: () => 0 },
    indexers: { color: (object) => (typeof object['color'] === 'string' ? [object['color']] : []) },
    ...options,
  });
  const seen: string[] = [];
  informer.onChange((change) => seen.push(describeChange(change)));
  started.push(informer);
  informer.start();
  await settle();
  return { informer, script, clock, seen };
}

function describeChange(change: ObjectChange): string {
  const { name, resourceVersion } = change.object.metadata;
  return change.type === 'updated' ? `updated ${name} ${change.old.metadata.resourceVersion}->${resourceVersion}` : `${change.type} ${name}`;
}

describe('Informer', () => {
  test('lists, then follows the watch from the version of the list', async () => {
    const { informer, script, seen } = await start(
      [list('10', widget('a', '5'))],
      [{ events: [added('b', '11'), modified('a', '12'), deleted('b', '13')] }],
    );
    expect(script.calls).toEqual(['list *', 'watch 10']);
    expect(seen).toEqual(['added a', 'added b', 'updated a 5->12', 'deleted b']);
    expect(informer.list().map((o) => o.metadata.name)).toEqual(['a']);
    expect(informer.get('default/a')?.metadata.resourceVersion).toBe('12');
  });

  test('continues an ended watch from the last version, a bookmark included', async () => {
    const { script, clock } = await start(
      [list('10')],
      [{ events: [added('a', '11'), { type: 'BOOKMARK', resourceVersion: '40' }], then: 'end' }, { then: 'hang' }],
    );
    await clock.advance(0);
    expect(script.calls).toEqual(['list *', 'watch 10', 'watch 40']);
  });

  test('lists again when the version is too old, and tells what changed in between', async () => {
    const { seen, script } = await start(
      [list('10', widget('kept', '1'), widget('gone', '2'), widget('edited', '3')), list('90', widget('kept', '1'), widget('edited', '80'), widget('new', '70'))],
      [{ then: gone }],
    );
    expect(script.calls).toEqual(['list *', 'watch 10', 'list *', 'watch 90']);
    expect(seen.slice(3)).toEqual(['updated edited 3->80', 'added new', 'deleted gone']);
  });

  test('waits longer after each failure and starts over after an event', async () => {
    const broken = new Error('connection lost');
    const { script, clock } = await start(
      [list('10')],
      [{ then: broken }, { then: broken }, { events: [added('a', '11')], then: broken }, { then: 'hang' }],
    );
    expect(clock.nextIn).toBe(100);
    await clock.advance(100);
    expect(clock.nextIn).toBe(200);
    await clock.advance(200);
    expect(clock.nextIn).toBe(100);
    await clock.advance(100);
    expect(script.calls).toEqual(['list *', 'watch 10', 'watch 10', 'watch 10', 'watch 11']);
  });

  test('after three broken watches in a row it doubts the version and lists again', async () => {
    const broken = new Error('too large resource version');
    const { script, clock, informer } = await start(
      [list('10', widget('old', '9')), list('3', widget('restored', '2'))],
      [{ then: broken }, { then: broken }, { then: broken }],
    );
    await clock.advance(5_000);
    expect(script.calls.slice(-2)).toEqual(['list *', 'watch 3']);
    expect(informer.list().map((o) => o.metadata.name)).toEqual(['restored']);
  });

  test('a server that ends every watch at once is not hammered', async () => {
    const { script, clock } = await start([list('10')], Array.from({ length: 9 }, () => ({ then: 'end' as const })));
    expect(script.calls).toHaveLength(2);
    await clock.advance(3_000);
    expect(script.calls.length).toBeLessThan(8);
  });

  test('keeps trying until the first list succeeds, and only then is synced', async () => {
    const { informer, clock } = await start([new Error('refused'), new Error('refused'), list('1')], []);
    expect(informer.isSynced).toBe(false);
    await clock.advance(300);
    await informer.synced;
    expect(informer.isSynced).toBe(true);
  });

  test('an event that is already known is not told twice', async () => {
    const { seen } = await start([list('10', widget('a', '5'))], [{ events: [added('a', '5'), modified('a', '5'), modified('a', '6')] }]);
    expect(seen).toEqual(['added a', 'updated a 5->6']);
  });

  test('looks up by index, also after the indexed value changed', async () => {
    const { informer } = await start(
      [list('10', widget('a', '1', { color: 'red' }), widget('b', '2', { color: 'red' }))],
      [{ events: [{ type: 'MODIFIED', object: widget('a', '11', { color: 'blue' }) }] }],
    );
    expect(informer.byIndex('color', 'red').map((o) => o.metadata.name)).toEqual(['b']);
    expect(informer.byIndex('color', 'blue').map((o) => o.metadata.name)).toEqual(['a']);
    expect(() => informer.byIndex('shape', 'round')).toThrow(/there is no index "shape"; there are: color/);
  });

  test('a handler that comes late hears of everything known, and of nothing after it left', async () => {
    const { informer } = await start([list('10', widget('a', '5'))], []);
    const late: string[] = [];
    const leave = informer.onChange((change) => late.push(describeChange(change)));
    expect(late).toEqual(['added a']);
    leave();
    await informer.stop();
    expect(late).toEqual(['added a']);
  });

  test('several namespaces are watched one by one and a relist of one leaves the other alone', async () => {
    const { informer, script } = await start(
      [list('10', widget('a', '1', {}, 'one')), list('10', widget('b', '2', {}, 'two')), list('20')],
      [{ then: gone }, { then: 'hang' }, { then: 'hang' }],
      { namespaces: ['one', 'two'] },
    );
    expect(script.calls.slice(0, 2)).toEqual(['list one', 'list two']);
    expect(informer.list().map((o) => o.metadata.name)).toEqual(['b']);
  });

  test('stop ends the watch and keeps the cache readable', async () => {
    const { informer } = await start([list('10', widget('a', '1'))], [{ then: 'hang' }]);
    await informer.stop();
    expect(informer.get('default/a')).toBeDefined();
  });
});
