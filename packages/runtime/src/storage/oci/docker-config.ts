import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { asObject, asText } from '../transport/json';

export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
}

const DEFAULT_FILE = '/mnt/oci-fetch-auth/config.json';

/**
 * The login for a registry from the docker config that KServe mounts.
 *
 * @returns `undefined` where the config has none for it, or is not there and was not asked for.
 * @throws IsvcError ISVC_FETCH_CONFIG for a config that cannot be read.
 */
export async function registryLogin(registry: string, env: NodeJS.ProcessEnv): Promise<RegistryLogin | undefined> {
  const chosen = env['KSERVE_OCI_DOCKER_CONFIG'];
  const auths = asObject((await readConfig(chosen || DEFAULT_FILE, Boolean(chosen)))['auths']);
  const wanted = registry === 'docker.io' ? ['docker.io', 'index.docker.io', 'registry-1.docker.io'] : [registry];
  const entry = Object.entries(auths).find(([key]) => wanted.includes(key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')));
  if (!entry) return undefined;
  const auth = asObject(entry[1]);
  const [user, ...password] = Buffer.from(asText(auth['auth']), 'base64').toString('utf8').split(':');
  if (user) return { user, password: password.join(':') };
  return asText(auth['username']) ? { user: asText(auth['username']), password: asText(auth['password']) } : undefined;
}

async function readConfig(path: string, mustExist: boolean): Promise<Readonly<Record<string, unknown>>> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, 'config.json') : path;
    return asObject(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (!mustExist && (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    // A parser would quote the file, which holds passwords.
    const why = error instanceof SyntaxError ? 'it is not JSON' : messageOf(error);
    throw new IsvcError('ISVC_FETCH_CONFIG', `the docker config of KSERVE_OCI_DOCKER_CONFIG cannot be read: ${why}`, { path, hint: 'check the pull secret of the service account' });
  }
}
