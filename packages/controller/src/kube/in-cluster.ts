import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import type { KubeConnection, RequestAuth } from './connection';

export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The kubelet replaces a projected token when a fifth of its life is left; a minute of delay is far inside that. */
const TOKEN_MAX_AGE_MS = 60_000;

/** The connection a pod has through its service account, or undefined outside a pod. */
export async function connectionInCluster(
  env: NodeJS.ProcessEnv = process.env,
  folder = SERVICE_ACCOUNT_FOLDER,
): Promise<KubeConnection | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (!host) {
    return undefined;
  }
  const read = async (name: string): Promise<string> => {
    try {
      return (await readFile(join(folder, name), 'utf8')).trim();
    } catch (cause) {
      throw new IsvcError('ISVC_KUBE_CONFIG', `the pod's service account has no readable file "${name}"`, {
        path: folder,
        hint: 'set automountServiceAccountToken: true on the pod or its service account',
        cause,
      });
    }
  };
  let token = await read('token');
  let readAt = Date.now();
  const authorize = async (): Promise<RequestAuth> => {
    if (Date.now() - readAt > TOKEN_MAX_AGE_MS) {
      token = await read('token');
      readAt = Date.now();
    }
    return { headers: { authorization: `Bearer ${token}` } };
  };
  const namespace = await read('namespace').catch(() => undefined);
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: await read('ca.crt'),
    authorize,
    ...(namespace ? { namespace } : {}),
  };
}
