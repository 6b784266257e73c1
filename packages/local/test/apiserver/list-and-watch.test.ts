import { CONFIG_MAPS, configMap, MERGE, startTestServer, type TestServer } from './support';

let t: TestServer;
beforeEach(async () => { t = await startTestServer({ watchHistory: 10 }); });
afterEach(() => t.server.close());

const create = (name: string, labels: object = {}): Promise<unknown> => t.call('POST', CONFIG_MAPS, configMap(name, { metadata: { labels } }));
const change = (name: string, patch: object): Promise<unknown> => t.call('PATCH', `${CONFIG_MAPS}/${name}`, patch, { type: MERGE });

describe('list', () => {
  test('is in order of name, with the version of the whole store', async () => {
    await create('b');
    await create('a');
    const { body } = await t.call('GET', CONFIG_MAPS);
    expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: String(t.server.store.resourceVersion) } });
    expect(body.items?.map((o) => o.metadata.name)).toEqual(['a', 'b']);
  });

  test.each([
    ['labelSelector', 'x=1', ['a']], ['labelSelector', 'x in (1,2)', ['a', 'b']], ['labelSelector', 'x notin (1)', ['b', 'c']], ['labelSelector', '!x', ['c']], ['labelSelector', 'x,x!=1', ['b']],
    ['fieldSelector', 'metadata.name=b', ['b']], ['fieldSelector', 'metadata.name!=b,metadata.namespace=default', ['a', 'c']],
  ])('%s %s', async (parameter, selector, names) => {
    await create('a', { x: '1' });
    await create('b', { x: '2' });
    await create('c');
    const { body } = await t.call('GET', `${CONFIG_MAPS}?${parameter}=${encodeURIComponent(selector)}`);
    expect(body.items?.map((o) => o.metadata.name)).toEqual(names);
  });

  test('pages show the state of the first page, whatever happens in between', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name);
    const first = await t.call('GET', `${CONFIG_MAPS}?limit=2`);
    await t.call('DELETE', `${CONFIG_MAPS}/c`);
    await create('aa');
    const meta = first.body.metadata as unknown as { continue: string; remainingItemCount: number };
    expect(meta.remainingItemCount).toBe(3);
    const second = await t.call('GET', `${CONFIG_MAPS}?limit=2&continue=${meta.continue}`);
    const third = await t.call('GET', `${CONFIG_MAPS}?limit=2&continue=${(second.body.metadata as unknown as { continue: string }).continue}`);
    expect([first, second, third].flatMap((page) => page.body.items?.map((o) => o.metadata.name))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(third.body.metadata).not.toHaveProperty('continue');
  });

  test.each([
    ['labelSelector=a%20b', 400, 'BadRequest'], ['labelSelector=x%20in%20(1', 400, 'BadRequest'], ['fieldSelector=data.a%3D1', 400, 'BadRequest'], ['continue=nonsense', 400, 'BadRequest'],
    ['limit=-1', 400, 'BadRequest'], ['resourceVersion=x', 400, 'BadRequest'], ['resourceVersion=99999', 504, 'Timeout'], ['resourceVersionMatch=Exact', 400, 'BadRequest'],
  ])('?%s answers %i', async (query, code, reason) => {
    expect(await t.call('GET', `${CONFIG_MAPS}?${query}`)).toMatchObject({ code, body: { kind: 'Status', reason } });
  });

  test('an exact version that is out of the history is 410', async () => {
    await create('a');
    const version = t.server.store.resourceVersion;
    await create('b');
    expect((await t.call('GET', `${CONFIG_MAPS}?resourceVersion=${version}&resourceVersionMatch=Exact`)).body.items).toHaveLength(1);
    t.server.store.history.compact();
    expect(await t.call('GET', `${CONFIG_MAPS}?resourceVersion=${version}&resourceVersionMatch=Exact`)).toMatchObject({ code: 410, body: { reason: 'Expired' } });
  });
});

describe('watch', () => {
  test('from a version it replays and then follows', async () => {
    await create('a');
    const version = t.server.store.resourceVersion;
    await change('a', { data: { a: '2' } });
    const watch = await t.watch(`${CONFIG_MAPS}?watch=true&resourceVersion=${version}`);
    await create('b');
    await t.call('DELETE', `${CONFIG_MAPS}/a`);
    expect(await watch.take(3)).toEqual(['MODIFIED a', 'ADDED b', 'DELETED a']);
    watch.close();
  });

  test.each(['', '&resourceVersion=0'])('without a version (%j) it begins with what there is', async (query) => {
    await create('a');
    const watch = await t.watch(`${CONFIG_MAPS}?watch=1${query}`);
    await create('b');
    expect(await watch.take(2)).toEqual(['ADDED a', 'ADDED b']);
    watch.close();
  });

  test('initial events end with a marked bookmark', async () => {
    await create('a');
    const watch = await t.watch(`${CONFIG_MAPS}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`);
    expect(await watch.take(1)).toEqual(['ADDED a']);
    expect(await watch.next()).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: String(t.server.store.resourceVersion), annotations: { 'k8s.io/initial-events-end': 'true' } } } });
    watch.close();
  });

  test('objects enter and leave the view of a selector', async () => {
    const watch = await t.watch(`${CONFIG_MAPS}?watch=true&labelSelector=x`);
    await create('a');
    await change('a', { metadata: { labels: { x: '1' } } });
    await change('a', { data: { a: '2' } });
    await change('a', { metadata: { labels: { x: null } } });
    await t.call('DELETE', `${CONFIG_MAPS}/a`);
    await create('end', { x: '1' });
    expect(await watch.take(4)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED end']);
    watch.close();
  });

  test('a deletion carries the version of its own write', async () => {
    await create('a');
    const watch = await t.watch(`${CONFIG_MAPS}?watch=true&resourceVersion=${t.server.store.resourceVersion}`);
    await t.call('DELETE', `${CONFIG_MAPS}/a`);
    expect((await watch.next())?.object.metadata.resourceVersion).toBe(String(t.server.store.resourceVersion));
    watch.close();
  });

  test('a version out of the bounded history is an ERROR event with code 410', async () => {
    await create('a');
    const version = t.server.store.resourceVersion;
    for (let i = 0; i < 30; i++) await change('a', { data: { a: `v${i}` } });
    const watch = await t.watch(`${CONFIG_MAPS}?watch=true&resourceVersion=${version}`);
    expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    expect(await watch.next()).toBeUndefined();
  });

  test('timeoutSeconds ends it, and close of the server ends them all', async () => {
    const short = await t.watch(`${CONFIG_MAPS}?watch=true&timeoutSeconds=1`);
    const long = await t.watch(`${CONFIG_MAPS}?watch=true`);
    expect(await short.next()).toBeUndefined();
    await t.server.close();
    expect(await long.next()).toBeUndefined();
  });

  test('a watch of one object sees nothing else', async () => {
    await create('a');
    const watch = await t.watch(`${CONFIG_MAPS}/a?watch=true&resourceVersion=${t.server.store.resourceVersion}`);
    await create('b');
    await change('a', { data: { a: '9' } });
    expect(await watch.take(1)).toEqual(['MODIFIED a']);
    watch.close();
  });
});
