import { connect } from 'node:net';
import { get } from 'node:https';
import { X509Certificate } from 'node:crypto';
import { parse } from 'yaml';
import { kubeconfigFor, startApiServer } from '../../src/apiserver/api-server';
import type { PodAccess } from '../../src/apiserver/http/pod-access';
import { CONFIG_MAPS, configMap, startTestServer, type TestServer } from './support';

let t: TestServer;
beforeEach(async () => { t = await startTestServer(); });
afterEach(() => t.server.close());

describe('discovery', () => {
  test.each<[string, object]>([
    ['/version', { major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+$/) }],
    ['/api', { kind: 'APIVersions', versions: ['v1'] }],
    ['/apis', { kind: 'APIGroupList', groups: expect.arrayContaining([expect.objectContaining({ name: 'apps', preferredVersion: { groupVersion: 'apps/v1', version: 'v1' } })]) }],
    ['/apis/apps', { kind: 'APIGroup', name: 'apps' }],
    ['/api/v1', { kind: 'APIResourceList', groupVersion: 'v1', resources: expect.arrayContaining([expect.objectContaining({ name: 'pods/log', verbs: ['get'] })]) }],
    ['/apis/apps/v1', { kind: 'APIResourceList', resources: expect.arrayContaining([expect.objectContaining({ name: 'deployments', singularName: 'deployment', shortNames: ['deploy'], verbs: expect.arrayContaining(['watch']) })]) }],
    ['/openapi/v3', { paths: expect.objectContaining({ 'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1' } }) }],
  ])('%s', async (path, expected) => {
    expect(await t.call('GET', path)).toMatchObject({ code: 200, body: expected });
  });

  test('in one document, for clients that ask so', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const { body, headers } = await t.call('GET', '/apis', undefined, { accept });
    expect(headers.get('content-type')).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(body).toMatchObject({ kind: 'APIGroupDiscoveryList', items: expect.arrayContaining([expect.objectContaining({ metadata: { name: 'apps', creationTimestamp: null } })]) });
  });

  test('OpenAPI v3 shares what Kubernetes shares, and says nothing empty', async () => {
    const { body } = await t.call('GET', '/openapi/v3/api/v1');
    const { schemas } = (body as unknown as { components: { schemas: Record<string, { properties: Record<string, object> }> } }).components;
    expect(schemas['io.k8s.api.core.v1.Pod']?.properties['metadata']).toMatchObject({ allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }] });
    expect(JSON.stringify(schemas)).not.toContain(':{},');
    const named = new Set([...JSON.stringify(schemas).matchAll(/#\/components\/schemas\/([^"]+)/g)].map(([, name]) => name));
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining([...named]));
  });

  test('OpenAPI v2 is there in both forms, and describes nothing', async () => {
    expect((await t.call('GET', '/openapi/v2')).body).toMatchObject({ swagger: '2.0', definitions: {} });
    const { headers, body } = await t.call('GET', '/openapi/v2', undefined, { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' });
    expect([headers.get('content-type'), body]).toEqual(['application/com.github.proto-openapi.spec.v2.v1.0+protobuf', { text: '\n\u00032.0\u0012\u0015\n\nKubernetes\u0012\u0007v1.36.0' }]);
  });

  test('optional APIs can be left out', async () => {
    const bare = await startTestServer({ apis: ['gateway'] });
    expect((await bare.call('GET', '/apis/gateway.networking.k8s.io/v1')).code).toBe(200);
    expect((await bare.call('GET', '/apis/serving.knative.dev/v1')).code).toBe(404);
    await bare.server.close();
  });
});

describe('tables', () => {
  const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

  test('a pod is summed up as kubectl shows it', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    await t.call('POST', pods, { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'a', image: 'x' }, { name: 'b', image: 'x' }] } });
    await t.call('PATCH', `${pods}/p/status`, {
      status: { phase: 'Running', containerStatuses: [{ name: 'a', ready: true, restartCount: 2, state: { running: {} } }, { name: 'b', ready: false, restartCount: 0, state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
    }, { type: 'application/merge-patch+json' });
    const { body } = await t.call('GET', pods, undefined, { accept: TABLE });
    expect((body as unknown as { rows: { cells: unknown[] }[] }).rows[0]?.cells.slice(0, 4)).toEqual(['p', '1/2', 'CrashLoopBackOff', '2']);
  });

  test.each<[string, object, readonly string[], readonly string[]]>([
    ['/api/v1/namespaces/default/events', { metadata: { name: 'e' }, involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{a}' }, reason: 'Started', message: 'up', type: 'Normal', count: 2, source: { component: 'kubelet', host: 'n' } },
      ['Last Seen', 'Type', 'Reason', 'Object', 'Subobject*', 'Source*', 'Message', 'First Seen*', 'Count*', 'Name*'], ['0s', 'Normal', 'Started', 'pod/p', 'spec.containers{a}', 'kubelet, n', 'up', '0s', '2', 'e']],
    ['/apis/events.k8s.io/v1/namespaces/default/events', { metadata: { name: 'e' }, regarding: { kind: 'Pod', name: 'p' }, reason: 'Started', note: 'up', type: 'Normal', reportingController: 'me' },
      ['Last Seen', 'Type', 'Reason', 'Object', 'Subobject*', 'Source*', 'Message', 'First Seen*', 'Count*', 'Name*'], ['0s', 'Normal', 'Started', 'pod/p', '', 'me', 'up', '0s', '1', 'e']],
    ['/api/v1/nodes', { metadata: { name: 'n' } },
      ['Name', 'Status', 'Roles', 'Age', 'Version', 'Internal-IP*', 'External-IP*', 'OS-Image*', 'Kernel-Version*', 'Container-Runtime*'], ['n', 'NotReady', '<none>', '0s', '<none>', '<none>', '<none>', '<unknown>', '<unknown>', '<unknown>']],
    ['/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'robot' } }, ['Name', 'Age'], ['robot', '0s']],
  ])('%s has the columns of the real server, those of -o wide (*) among them', async (path, object, names, cells) => {
    await t.call('POST', path, object);
    const { body } = await t.call('GET', `${path}/${(object as { metadata: { name: string } }).metadata.name}`, undefined, { accept: TABLE });
    const table = body as unknown as { columnDefinitions: { name: string; priority: number }[]; rows: { cells: unknown[] }[] };
    expect(table.columnDefinitions.map(({ name, priority }) => `${name}${priority > 0 ? '*' : ''}`)).toEqual(names);
    expect(table.rows[0]?.cells.map(String)).toEqual(cells);
  });

  test('a watch sends rows, and names the columns once', async () => {
    await t.call('POST', CONFIG_MAPS, configMap('a'));
    await t.call('POST', CONFIG_MAPS, configMap('b'));
    const response = await fetch(`${t.server.url}${CONFIG_MAPS}?watch=true&timeoutSeconds=1`, { headers: { authorization: `Bearer ${t.server.token}`, accept: TABLE } });
    const events = (await response.text()).trim().split('\n').map((line) => JSON.parse(line) as { object: { kind: string; columnDefinitions: unknown; rows: { cells: unknown[] }[] } });
    expect(events.map((e) => [e.object.kind, Array.isArray(e.object.columnDefinitions), e.object.rows[0]?.cells[0]])).toEqual([['Table', true, 'a'], ['Table', false, 'b']]);
  });

  test('metadata alone, YAML, and no other form', async () => {
    await t.call('POST', CONFIG_MAPS, configMap('a'));
    expect((await t.call('GET', CONFIG_MAPS, undefined, { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' })).body).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }] });
    const yaml = await t.call('GET', `${CONFIG_MAPS}/a`, undefined, { accept: 'application/yaml' });
    expect(parse((yaml.body as unknown as { text: string }).text)).toMatchObject({ kind: 'ConfigMap' });
    expect((await t.call('GET', CONFIG_MAPS, undefined, { accept: 'text/html' })).code).toBe(406);
  });
});

describe('access', () => {
  test.each([['no token', {}], ['a wrong token', { authorization: 'Bearer x' }], ['another scheme', { authorization: 'Basic x' }]])('%s is 401', async (_what, headers) => {
    const response = await fetch(`${t.server.url}/api/v1/pods`, { headers: headers as Record<string, string> });
    expect([response.status, await response.json()]).toEqual([401, expect.objectContaining({ kind: 'Status', reason: 'Unauthorized', code: 401 })]);
  });

  test.each<[string, object]>([
    ['/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { kind: 'SelfSubjectAccessReview', status: { allowed: true } }],
    ['/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { status: { incomplete: false, resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] } }],
    ['/apis/authentication.k8s.io/v1/selfsubjectreviews', { apiVersion: 'authentication.k8s.io/v1', status: { userInfo: { username: 'cdk8s-kserve' } } }],
  ])('%s says that the token may do everything', async (path, body) => {
    expect(await t.call('POST', path, {})).toMatchObject({ code: 201, body });
    expect((await t.call('GET', path)).code).toBe(405);
    expect((await fetch(t.server.url + path, { method: 'POST' })).status).toBe(401);
  });

  test.each(['/healthz', '/livez', '/readyz', '/version'])('%s needs none', async (path) => {
    expect((await fetch(t.server.url + path)).status).toBe(200);
  });

  test('HTTPS is served on the same port, under the certificate of the kubeconfig', async () => {
    const config = parse(kubeconfigFor(t.server)) as { clusters: { cluster: { server: string; 'certificate-authority-data': string } }[]; users: { user: { token: string } }[] };
    const { server, 'certificate-authority-data': authority } = config.clusters[0]?.cluster ?? { server: '', 'certificate-authority-data': '' };
    const ca = Buffer.from(authority, 'base64').toString();
    expect(new X509Certificate(ca).subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get(`${server}/api/v1/pods`, { ca, agent: false, headers: { authorization: `Bearer ${config.users[0]?.user.token ?? ''}` } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
  });

  test('a taken port is an error that says so', async () => {
    await expect(startApiServer({ port: t.server.port })).rejects.toMatchObject({ code: 'ISVC_SERVER_PORT_IN_USE', message: expect.stringContaining(String(t.server.port)) });
  });
});

describe('a hostile client', () => {
  test.each<[string, string, unknown, string, number]>([
    ['POST', CONFIG_MAPS, '\u0000', 'application/json', 400],
    ['POST', CONFIG_MAPS, 'x'.repeat(4 * 1024 * 1024), 'application/json', 413],
    ['POST', CONFIG_MAPS, '{}', 'application/vnd.kubernetes.protobuf', 400],
    ['POST', CONFIG_MAPS, '{}', 'application/cbor', 415],
    ['POST', CONFIG_MAPS, 'a: &a [*a]', 'application/yaml', 400],
    ['POST', CONFIG_MAPS, 'a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\ne: [*d,*d,*d,*d]', 'application/yaml', 400],
    ['POST', CONFIG_MAPS, { metadata: 'x' }, 'application/json', 400],
    ['POST', CONFIG_MAPS, { metadata: { name: 'a', ownerReferences: [1] } }, 'application/json', 422],
    ['POST', CONFIG_MAPS, { metadata: { name: '../etc' } }, 'application/json', 422],
    ['PUT', CONFIG_MAPS, {}, 'application/json', 405],
    ['PATCH', `${CONFIG_MAPS}/a`, '{}', 'text/plain', 415],
    ['PATCH', `${CONFIG_MAPS}/a`, '[{"op":"remove","path":"/metadata"}]', 'application/json-patch+json', 400],
    ['DELETE', `${CONFIG_MAPS}/a`, '[]', 'application/json', 400],
    ['DELETE', `${CONFIG_MAPS}/a?propagationPolicy=Never`, '', 'application/json', 400],
    ['GET', '/api/v1/namespaces/%E0%A4%A/pods', undefined, 'application/json', 404],
    ['GET', '/api/v1/pods/a', undefined, 'application/json', 404],
    ['GET', '/apis/none.io/v1/things', undefined, 'application/json', 404],
    ['GET', `${CONFIG_MAPS}/a/b/c`, undefined, 'application/json', 404],
    ['GET', `${CONFIG_MAPS}/a/scale`, undefined, 'application/json', 404],
    ['POST', '/api/v1/namespaces/default/resourcequotas', { metadata: { name: 'a' } }, 'application/json', 404],
    ['GET', '/', undefined, 'application/json', 200],
    ['OPTIONS', CONFIG_MAPS, undefined, 'application/json', 405],
  ])('%s %s gets an answer, and the server lives on', async (method, path, body, type, code) => {
    await t.call('POST', CONFIG_MAPS, configMap('a'));
    expect((await t.call(method, path, body, { type })).code).toBe(code);
    expect((await t.call('GET', `${CONFIG_MAPS}/a`)).code).toBe(200);
  });

  test.each(['garbage\r\n\r\n', '\u0016\u0003garbage', 'GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n'])('bytes that are no request (%j) end their connection alone', async (bytes) => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(t.server.port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', () => socket.end());
      socket.on('close', () => resolve());
      socket.on('error', reject);
      socket.setTimeout(1000, () => socket.end());
    });
    expect((await t.call('GET', CONFIG_MAPS)).code).toBe(200);
  });
});

describe('pod logs', () => {
  const pods = '/api/v1/namespaces/default/pods';
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'a', image: 'x' }, { name: 'b', image: 'x' }] } };

  const access: PodAccess = {
    logs: {
      read: async function* ({ name, container, tailLines, follow, previous }) { yield `${name} ${container} ${String(tailLines)} ${String(follow)} ${String(previous)}\n`; },
      hasPrevious: ({ container }) => container === 'b',
    },
    whyNoWayIn: ({ metadata }, way) => `no ${way} for ${metadata.name}`,
  };

  test('come from the source that local mode connects', async () => {
    t.server.setPodAccess(access);
    await t.call('POST', pods, pod);
    expect((await t.call('GET', `${pods}/p/log?container=b&tailLines=3`)).body).toEqual({ text: 'p b 3 false false\n' });
  });

  test('of an earlier run are asked for where there was one', async () => {
    t.server.setPodAccess(access);
    await t.call('POST', pods, pod);
    expect((await t.call('GET', `${pods}/p/log?container=b&previous=true`)).body).toEqual({ text: 'p b undefined false true\n' });
    expect(await t.call('GET', `${pods}/p/log?container=a&previous=true`)).toMatchObject({ code: 400, body: { message: 'previous terminated container "a" in pod "p" not found' } });
  });

  test.each([['POST', 'exec'], ['POST', 'attach'], ['GET', 'portforward'], ['PATCH', 'ephemeralcontainers']])('%s %s is refused with a sentence', async (method, way) => {
    t.server.setPodAccess(access);
    await t.call('POST', pods, pod);
    expect(await t.call(method, `${pods}/p/${way}`)).toMatchObject({ code: 501, body: { reason: 'NotImplemented', message: `no ${way} for p` } });
    expect((await t.call(method, `${pods}/none/${way}`)).code).toBe(404);
  });

  test('need to know the container of a pod with several', async () => {
    await t.call('POST', pods, pod);
    expect((await t.call('GET', `${pods}/p/log`)).body['message']).toBe('a container name must be specified for pod p, choose one of: [a b]');
    expect((await t.call('GET', `${pods}/p/log?container=c`)).body['message']).toBe('container c is not valid for pod p');
  });
});
