import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionInCluster } from '../../src/kube/in-cluster';
import { loadConnection } from '../../src/kube/load-connection';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isvc-kubeconfig-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function kubeconfig(user: object, cluster: object = { server: 'https://127.0.0.1:6443' }): string {
  // JSON is YAML.
  return JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'here',
    contexts: [{ name: 'there', context: { cluster: 'c', user: 'nobody' } }, { name: 'here', context: { cluster: 'c', user: 'u', namespace: 'ml' } }],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
  });
}

async function written(text: string): Promise<string> {
  const path = join(folder, 'config');
  await writeFile(path, text);
  return path;
}

describe('a kubeconfig', () => {
  test('that holds everything itself is read without client-node', async () => {
    const path = await written(kubeconfig(
      { token: 't', 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
      { server: 'https://127.0.0.1:6443', 'certificate-authority-data': base64('CA'), 'insecure-skip-tls-verify': true, 'tls-server-name': 'api' },
    ));
    const connection = await loadConnection({ kubeconfig: path });
    expect(connection).toEqual({
      url: 'https://127.0.0.1:6443', token: 't', ca: Buffer.from('CA'), cert: Buffer.from('CERT'), key: Buffer.from('KEY'),
      servername: 'api', insecure: true, namespace: 'ml',
    });
  });

  test('is found through KUBECONFIG, whose first entry counts', async () => {
    const path = await written(kubeconfig({ token: 't' }));
    expect((await loadConnection({ env: { KUBECONFIG: `${path}:/nowhere` } })).token).toBe('t');
  });

  test('with a credential plugin has the plugin asked for the token', async () => {
    const credential = JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: { token: 'from-plugin' } });
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', `process.stdout.write(${JSON.stringify(credential)})`], interactiveMode: 'Never' };
    const path = await written(kubeconfig({ exec }));
    const connection = await loadConnection({ kubeconfig: path });
    expect(connection).toMatchObject({ url: 'https://127.0.0.1:6443', namespace: 'ml' });
    expect((await connection.authorize?.())?.headers).toEqual({ authorization: 'Bearer from-plugin' });
  });

  test('with files beside it has them read', async () => {
    await writeFile(join(folder, 'ca.pem'), 'CA-FILE');
    const path = await written(kubeconfig({ username: 'me', password: 'pw' }, { server: 'https://127.0.0.1:6443', 'certificate-authority': 'ca.pem' }));
    const auth = await (await loadConnection({ kubeconfig: path })).authorize?.();
    expect(auth?.headers).toEqual({ authorization: `Basic ${base64('me:pw')}` });
    expect(String(auth?.tls?.ca)).toBe('CA-FILE');
  });

  test.each([
    ['does not exist', undefined, /cannot be read/],
    ['is not YAML', 'a: [', /is not YAML/],
    ['is empty', '', /is empty/],
    ['has no cluster for its context', JSON.stringify({ 'current-context': 'x' }), /has no cluster for its context "x"/],
    ['goes through a proxy', kubeconfig({ token: 't' }, { server: 'https://127.0.0.1:1', 'proxy-url': 'http://127.0.0.1:2' }), /through the proxy/],
  ])('that %s is an error that says so', async (_what, text, message) => {
    const path = text === undefined ? join(folder, 'none') : await written(text);
    await expect(loadConnection({ kubeconfig: path })).rejects.toMatchObject({ code: 'ISVC_KUBE_CONFIG', message: expect.stringMatching(message) as string });
  });
});

describe('in a pod', () => {
  async function serviceAccount(token: string): Promise<string> {
    const account = join(folder, 'account');
    await mkdir(account, { recursive: true });
    await Promise.all([writeFile(join(account, 'token'), token), writeFile(join(account, 'ca.crt'), 'CA'), writeFile(join(account, 'namespace'), 'kserve')]);
    return account;
  }

  test('the service account says where and who', async () => {
    const connection = await connectionInCluster({ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }, await serviceAccount('t1\n'));
    expect(connection).toMatchObject({ url: 'https://[fd00::1]:443', ca: 'CA', namespace: 'kserve' });
    expect((await connection?.authorize?.())?.headers).toEqual({ authorization: 'Bearer t1' });
  });

  test('a pod without a mounted token is told how to get one', async () => {
    await expect(connectionInCluster({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, join(folder, 'none'))).rejects.toMatchObject({
      code: 'ISVC_KUBE_CONFIG', hint: expect.stringContaining('automountServiceAccountToken') as string,
    });
  });

  test('outside a pod there is nothing', async () => {
    expect(await connectionInCluster({}, folder)).toBeUndefined();
  });
});
