import { KubeApiError } from '../../src/kube/kube-api-error';
import type { KubeApi } from '../../src/kube/kube-api';
import { ControllerMetrics } from '../../src/serve/controller-metrics';
import { MeteredKubeApi } from '../../src/serve/metered-kube-api';
import { serveHealth, type HealthServer } from '../../src/serve/serve-health';

let server: HealthServer;
let waiting: string | undefined;
const metrics = new ControllerMetrics();

beforeAll(async () => {
  metrics.gauge('isvc_test_depth', 'A depth.', () => 7);
  server = await serveHealth({ host: '127.0.0.1', port: 0, metrics, alive: () => true, waitsFor: () => waiting });
});

afterAll(() => server.close());

async function ask(path: string, method = 'GET'): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return `${answer.status} ${await answer.text()}`;
}

describe('the health endpoint', () => {
  it('says that it lives, and what it waits for', async () => {
    waiting = 'waits for lists';
    expect(await ask('/healthz')).toBe('200 ok\n');
    expect(await ask('/readyz')).toBe('503 waits for lists\n');
    waiting = undefined;
    expect(await ask('/readyz?verbose')).toBe('200 ok\n');
  });

  it('counts requests by verb, kind and code, and runs by result', async () => {
    const fails = new MeteredKubeApi({ delete: () => Promise.reject(new KubeApiError({ request: 'x', statusCode: 409 })), get: () => Promise.resolve(undefined) } as Partial<KubeApi> as KubeApi, metrics);
    await fails.get({ apiVersion: 'v1', kind: 'Secret', name: 'a' });
    await expect(fails.delete({ apiVersion: 'v1', kind: 'Service', name: 'a' })).rejects.toThrow('409');
    metrics.reconciled('error', 0.2);
    const text = await ask('/metrics');
    expect(text).toContain('isvc_controller_api_requests_total{verb="get",kind="Secret",code="200"} 1');
    expect(text).toContain('isvc_controller_api_requests_total{verb="delete",kind="Service",code="409"} 1');
    expect(text).toContain('isvc_controller_reconcile_seconds_count{result="error"} 1');
    expect(text).toContain('isvc_test_depth 7');
  });

  it.each([['/nothing', 'GET', '404'], ['/metrics', 'POST', '405']])('refuses %s by %s', async (path, method, status) => {
    expect((await ask(path, method)).slice(0, 3)).toBe(status);
  });

  it('says when its address is taken', async () => {
    await expect(serveHealth({ host: '127.0.0.1', port: server.port, metrics, alive: () => true, waitsFor: () => undefined })).rejects.toMatchObject({ code: 'ISVC_CLI_USAGE', path: '--listen' });
  });
});
