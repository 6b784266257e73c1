import { IsvcError } from 'cdk8s-kserve/api';
import { HttpKubeApi } from '../../src/kube/http-kube-api';
import { KubeApiError } from '../../src/kube/kube-api-error';
import { ScriptedServer, sendJson, sendStatus } from '../support/scripted-server';

const APPS = { resources: [
  { name: 'deployments', kind: 'Deployment', namespaced: true },
  { name: 'deployments/status', kind: 'Deployment', namespaced: true },
  { name: 'deployments/scale', kind: 'Scale', namespaced: true },
] };
const IRIS = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris', namespace: 'ml' } };
const IRIS_PATH = '/apis/apps/v1/namespaces/ml/deployments/iris';

let server: ScriptedServer;
let api: HttpKubeApi;

beforeEach(async () => {
  server = await new ScriptedServer().start();
  server.on('GET /apis/apps/v1', APPS);
  api = new HttpKubeApi({ url: `${server.url}/`, token: 'secret-token' }, { requestTimeoutMs: 5_000 });
});

afterEach(async () => {
  api.close();
  await server.stop();
});

describe('discovery', () => {
  test('knows kinds and not their subresources, and asks once', async () => {
    const [first, second] = await Promise.all([api.discover('apps/v1', 'Deployment'), api.discover('apps/v1', 'Scale')]);
    expect(first).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true });
    expect(second).toBeUndefined();
    expect(server.seen).toHaveLength(1);
  });

  test('a group that is not installed is not an error, and is seen after a refresh', async () => {
    expect(await api.discover('serving.knative.dev/v1', 'Service')).toBeUndefined();
    server.on('GET /apis/serving.knative.dev/v1', { resources: [{ name: 'services', kind: 'Service', namespaced: true }] });
    expect(await api.discover('serving.knative.dev/v1', 'Service')).toBeUndefined();
    expect((await api.discover('serving.knative.dev/v1', 'Service', { refresh: true }))?.plural).toBe('services');
  });

  test('a failure is not remembered', async () => {
    server.on('GET /apis/apps/v1', (_request, response) => sendStatus(response, 503, 'ServiceUnavailable', 'starting'));
    await expect(api.discover('apps/v1', 'Deployment')).rejects.toMatchObject({ statusCode: 503 });
    server.on('GET /apis/apps/v1', APPS);
    expect(await api.discover('apps/v1', 'Deployment')).toBeDefined();
  });
});

describe('requests', () => {
  test('carry the token and the media type that their verb needs', async () => {
    for (const verb of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      server.on(`${verb} ${IRIS_PATH}`, IRIS).on(`${verb} ${IRIS_PATH}/status`, IRIS);
    }
    server.on('POST /apis/apps/v1/namespaces/ml/deployments', IRIS);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris', namespace: 'ml' };
    await api.get(ref);
    await api.create(IRIS);
    await api.replace(IRIS);
    await api.apply(IRIS, { fieldManager: 'cdk8s-kserve', force: true });
    await api.applyStatus(IRIS, { fieldManager: 'cdk8s-kserve' });
    await api.replaceStatus(IRIS);
    await api.mergePatch(ref, { metadata: { labels: { a: 'b' } } });
    await api.delete(ref, { uid: 'u1', propagationPolicy: 'Foreground' });
    const lines = server.seen.slice(1).map((r) => `${r.method} ${r.path}?${r.query} ${r.headers['content-type'] ?? ''}`);
    expect(lines).toEqual([
      `GET ${IRIS_PATH}? `,
      'POST /apis/apps/v1/namespaces/ml/deployments? application/json',
      `PUT ${IRIS_PATH}? application/json`,
      `PATCH ${IRIS_PATH}?fieldManager=cdk8s-kserve&force=true application/apply-patch+yaml`,
      `PATCH ${IRIS_PATH}/status?fieldManager=cdk8s-kserve application/apply-patch+yaml`,
      `PUT ${IRIS_PATH}/status? application/json`,
      `PATCH ${IRIS_PATH}? application/merge-patch+json`,
      `DELETE ${IRIS_PATH}? application/json`,
    ]);
    expect(server.seen.every((r) => r.headers.authorization === 'Bearer secret-token')).toBe(true);
    expect(server.seen.at(-1)?.body).toMatchObject({ propagationPolicy: 'Foreground', preconditions: { uid: 'u1' } });
  });

  test('getting and deleting what is not there is an answer, not an error', async () => {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none', namespace: 'ml' };
    expect(await api.get(ref)).toBeUndefined();
    expect(await api.delete(ref)).toBe(false);
    expect(await api.get({ ...ref, apiVersion: 'nowhere/v1' })).toBeUndefined();
  });

  test('a refusal carries the code, reason, details and request', async () => {
    server.on(`PATCH ${IRIS_PATH}`, (_request, response) =>
      sendStatus(response, 422, 'Invalid', 'spec.selector is immutable', { causes: [{ field: 'spec.selector' }] }));
    const error = await api.apply(IRIS, { fieldManager: 'x' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(KubeApiError);
    expect(error).toMatchObject({ code: 'ISVC_KUBE_REQUEST', statusCode: 422, reason: 'Invalid', details: { causes: [{ field: 'spec.selector' }] } });
    expect((error as KubeApiError).toLine()).toContain(`PATCH ${IRIS_PATH}`);
  });

  test('an error page of a proxy is quoted, and its Retry-After is kept', async () => {
    server.on(`GET ${IRIS_PATH}`, (_request, response) => response.writeHead(429, { 'retry-after': '3' }).end('slow down'));
    const error = await api.get({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris', namespace: 'ml' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ statusCode: 429, serverMessage: 'slow down', retryAfterMs: 3000 });
  });

  test('writing a kind that nobody serves says so', async () => {
    await expect(api.create({ ...IRIS, apiVersion: 'nowhere/v1' })).rejects.toMatchObject({
      statusCode: 404, serverMessage: 'the API server does not serve Deployment in nowhere/v1',
    });
  });

  test('a server that is not there is unreachable, with its address', async () => {
    const dead = await new ScriptedServer().start();
    await dead.stop();
    const lost = new HttpKubeApi({ url: dead.url });
    const error = await lost.discover('v1', 'Pod').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(IsvcError);
    expect(error).toMatchObject({ code: 'ISVC_KUBE_UNREACHABLE' });
    expect((error as IsvcError).message).toContain(dead.url);
    lost.close();
  });

  test('a server that accepts and never answers is given up', async () => {
    server.on('GET /api/v1', () => {});
    const impatient = new HttpKubeApi({ url: server.url }, { requestTimeoutMs: 30 });
    await expect(impatient.discover('v1', 'Pod')).rejects.toMatchObject({ code: 'ISVC_KUBE_UNREACHABLE' });
    impatient.close();
  });

  test('a pooled connection that the server closed meanwhile is not the caller\'s problem', async () => {
    await api.discover('apps/v1', 'Deployment');
    let broken = 0;
    server.on(`GET ${IRIS_PATH}`, (_request, response) => {
      if (broken++ === 0) {
        response.socket?.destroy();
      } else {
        sendJson(response, 200, IRIS);
      }
    });
    expect(await api.get({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris', namespace: 'ml' })).toEqual(IRIS);
  });

  test('an address that is no URL is refused before anything is sent', () => {
    expect(() => new HttpKubeApi({ url: 'cluster.local' })).toThrow(/must be an http:\/\/ or https:\/\/ URL, got "cluster.local"/);
  });
});

test('a list follows its pages and gives every item its type', async () => {
  server.on('GET /apis/apps/v1/deployments', (request, response) => {
    const second = request.query.get('continue') === 'page-2';
    sendJson(response, 200, {
      metadata: { resourceVersion: '77', ...(second ? {} : { continue: 'page-2' }) },
      items: [{ metadata: { name: second ? 'b' : 'a' } }],
    });
  });
  const resource = await api.discover('apps/v1', 'Deployment');
  const { items, resourceVersion } = await api.list(resource ?? fail(), { labelSelector: 'x=y' });
  expect(items.map((i) => `${i.apiVersion} ${i.kind} ${i.metadata.name}`)).toEqual(['apps/v1 Deployment a', 'apps/v1 Deployment b']);
  expect(resourceVersion).toBe('77');
  expect(server.seen.at(-1)?.query.get('labelSelector')).toBe('x=y');
  const kept = await api.list(resource ?? fail(), { keep: (object) => ({ ...object, metadata: { name: `kept-${object.metadata.name}` } }) });
  expect(kept.items.map((i) => i.metadata.name)).toEqual(['kept-a', 'kept-b']);
});

function fail(): never {
  throw new Error('not discovered');
}
