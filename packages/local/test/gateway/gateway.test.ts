import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { conditionOf } from '../../src/reconciling/conditions';
import { ask, deployment, httpRoute, serverContainer, service, startTestCluster, untilAvailable, type TestCluster } from '../support/machinery';
import { until } from '../../../../test/support/until';
import { scriptContainer } from '../support/pods';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
  for (const name of ['blue', 'green']) {
    await cluster.api.create(deployment(name, serverContainer(name)));
    await cluster.api.create(service(name));
  }
  await Promise.all(['blue', 'green'].map((name) => untilAvailable(cluster, name)));
  await until('both answer', async () => (await ask(cluster.gatewayPort, 'blue.default')).status === 200 && (await ask(cluster.gatewayPort, 'green.default')).status === 200);
});
afterAll(() => cluster.stop());

async function route(host: string, rules: readonly object[]): Promise<void> {
  await cluster.api.create(httpRoute(host.split('.')[0] ?? host, host, rules));
  await until('the gateway knows the host', async () => JSON.stringify((await ask(cluster.gatewayPort, 'nobody')).body['hosts']).includes(host));
}

const to = (name: string, weight?: number): object => ({ name, port: 80, ...(weight === undefined ? {} : { weight }) });

test('a host that nobody has is answered with those there are', async () => {
  const answer = await ask(cluster.gatewayPort, 'nobody.example.com');
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ error: expect.stringContaining('"nobody.example.com"') as string, hosts: expect.arrayContaining(['blue.default.svc.cluster.local']) as string[] });
});

test('weights are kept exactly', async () => {
  await route('weights.example.com', [{ backendRefs: [to('blue', 90), to('green', 10)] }]);
  const counts: Record<string, number> = {};
  for (let i = 0; i < 100; i++) {
    const { name = '' } = (await ask(cluster.gatewayPort, 'weights.example.com')).body;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  expect(counts).toEqual({ blue: 90, green: 10 });
});

test.each([
  ['an exact path', '/exact', {}, 'green'],
  ['a longer path than the exact one', '/exact/more', {}, 'blue'],
  ['the longest prefix', '/v1/models/iris', {}, 'green'],
  ['a prefix of whole segments only', '/v10', {}, 'blue'],
  ['an expression over the whole path', '/v1/models/iris:explain', {}, 'green'],
  ['a header', '/', { 'x-canary': 'yes' }, 'green'],
  ['the query is not part of the path', '/exact?a=/b', {}, 'green'],
])('a rule matches %s', async (_what, path, headers, expected) => {
  if ((await ask(cluster.gatewayPort, 'paths.example.com')).status === 404) {
    await route('paths.example.com', [
      { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [to('blue')] },
      { matches: [{ path: { type: 'Exact', value: '/exact' } }, { path: { type: 'PathPrefix', value: '/v1' } }], backendRefs: [to('green')] },
      { matches: [{ path: { type: 'RegularExpression', value: '^/v1/models/[\\w-]+:explain$' } }], backendRefs: [to('green')] },
      { matches: [{ path: { type: 'PathPrefix', value: '/' }, headers: [{ name: 'X-Canary', value: 'yes' }] }], backendRefs: [to('green')] },
    ]);
  }
  expect((await ask(cluster.gatewayPort, 'paths.example.com:8080', path, { headers })).body.name).toBe(expected);
});

test('headers are set, added and removed on the way, hop-by-hop ones stay behind', async () => {
  const modifier = { set: [{ name: 'KServe-Isvc-Name', value: 'iris' }], add: [{ name: 'X-More', value: 'b' }], remove: ['X-Secret'] };
  await route('headers.example.com', [{ filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: modifier }, { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'X-Answer', value: '1' }] } }], backendRefs: [to('blue')] }]);
  const answer = await ask(cluster.gatewayPort, 'headers.example.com', '/', { headers: { 'x-secret': 's', 'x-more': 'a', 'x-hop': 'h', connection: 'close, x-hop' } });
  const headers = answer.body['headers'] as Record<string, string>;
  expect(headers).toMatchObject({ 'kserve-isvc-name': 'iris', 'x-more': 'a, b', host: 'headers.example.com', 'x-forwarded-host': 'headers.example.com', 'x-forwarded-for': '127.0.0.1' });
  expect(headers).not.toHaveProperty('x-secret');
  expect(headers).not.toHaveProperty('x-hop');
  expect(answer.headers['x-answer']).toBe('1');
});

test('bodies pass in both directions, with a length and in chunks', async () => {
  const body = 'x'.repeat(300_000);
  expect((await ask(cluster.gatewayPort, 'blue.default.svc', '/', { method: 'POST', body })).body['body']).toBe(body);
  expect((await ask(cluster.gatewayPort, 'blue.default.svc', '/', { method: 'POST', body, headers: { 'transfer-encoding': 'chunked' } })).body['body']).toBe(body);
});

test('a path is rewritten', async () => {
  await route('rewrite.example.com', [
    { matches: [{ path: { type: 'PathPrefix', value: '/serving/default/iris' } }], filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }], backendRefs: [to('blue')] },
  ]);
  expect((await ask(cluster.gatewayPort, 'rewrite.example.com', '/serving/default/iris/v1/models?x=1')).body['url']).toBe('/v1/models?x=1');
});

test('a request that takes longer than its rule allows gets a 504', async () => {
  await cluster.api.create(deployment('slow', serverContainer('slow', { DELAY: '600' })));
  await cluster.api.create(service('slow'));
  await route('slow.example.com', [{ backendRefs: [to('slow')], timeouts: { request: '150ms' } }]);
  const answer = await until('a pod is there', async () => {
    const given = await ask(cluster.gatewayPort, 'slow.example.com');
    return given.status === 503 ? undefined : given;
  });
  expect(answer.status).toBe(504);
  expect(answer.body).toMatchObject({ error: 'default/slow:80 did not answer within 150 ms' });
});

test('a Service without a ready pod is a 503 that names it', async () => {
  await cluster.api.create(deployment('none', scriptContainer('setInterval(() => {}, 1000)', { ports: [{ containerPort: 8080 }], readinessProbe: { tcpSocket: { port: 8080 } } })));
  await cluster.api.create(service('none'));
  await route('none.example.com', [{ backendRefs: [to('none')] }]);
  expect(await ask(cluster.gatewayPort, 'none.example.com')).toMatchObject({ status: 503, body: { error: 'no pod of default/none:80 is ready' } });
});

test('the status of a route tells whether its backends exist', async () => {
  await cluster.api.create(httpRoute('broken', 'broken.example.com', [{ backendRefs: [{ name: 'nowhere', port: 80 }] }]));
  const parents = await until('the route has a status', async () => {
    const live = await cluster.get('gateway.networking.k8s.io/v1', 'HTTPRoute', 'broken');
    return (live?.['status'] as { readonly parents?: readonly object[] } | undefined)?.parents;
  });
  expect(conditionOf({ status: parents[0] }, 'Accepted')).toMatchObject({ status: 'True' });
  expect(conditionOf({ status: parents[0] }, 'ResolvedRefs')).toMatchObject({ status: 'False', reason: 'BackendNotFound', message: 'Service default/nowhere does not exist' });
  expect((await ask(cluster.gatewayPort, 'broken.example.com')).status).toBe(500);
});

test('a pod that died under a request is a 502, one that refuses is passed over', async () => {
  const dying: Server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => dying.once('listening', resolve));
  const port = (dying.address() as AddressInfo).port;
  await cluster.api.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'manual', namespace: 'default' }, spec: { ports: [{ port: 80 }] } });
  const endpoints = (ports: readonly number[]): object => ({ subsets: ports.map((p) => ({ addresses: [{ ip: '127.0.0.1' }], ports: [{ port: p, protocol: 'TCP' }] })) });
  await cluster.api.create({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'manual', namespace: 'default' }, ...endpoints([port]) });
  await route('manual.example.com', [{ backendRefs: [to('manual')] }]);
  expect(await ask(cluster.gatewayPort, 'manual.example.com')).toMatchObject({ status: 502 });
  dying.close();

  const alive: Server = createServer((request, response) => request.on('data', () => undefined).once('end', () => response.end('{"name":"alive"}'))).listen(0, '127.0.0.1');
  await new Promise((resolve) => alive.once('listening', resolve));
  await cluster.api.mergePatch({ apiVersion: 'v1', kind: 'Endpoints', name: 'manual', namespace: 'default' }, endpoints([port, (alive.address() as AddressInfo).port]));
  for (let i = 0; i < 4; i++) {
    const answer = await ask(cluster.gatewayPort, 'manual.example.com', '/', { method: 'POST', body: 'hello' });
    expect(answer).toMatchObject({ status: 200, body: { name: 'alive' } });
  }
  alive.close();
});
