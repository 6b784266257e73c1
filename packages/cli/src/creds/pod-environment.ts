import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { PodFiles, containerEnvironment } from 'cdk8s-kserve-local';
import type { WantedAccess } from './wanted-access';

/** Of the user's own variables, those that say how to get out of this machine, and how long to try. */
const OWN = /^(https?|all|no)_proxy$|^SSL_CERT_(FILE|DIR)$|^ISVC_FETCH_/i;
/** Somebody waits at a terminal. */
const PATIENCE = { ISVC_FETCH_ATTEMPTS: '2', ISVC_FETCH_DEADLINE_SECONDS: '60', ISVC_FETCH_STALL_SECONDS: '15' };

/**
 * Runs something with the variables that a container would see, secrets of the folder included. Files of secrets lie in a
 * folder that only this user may read, and are gone afterwards.
 *
 * @throws PodNotStartable naming the Secret, ConfigMap or key that is missing.
 */
export async function withEnvironmentOf<T>({ owner, container, pod }: WantedAccess, objects: readonly KubeObject[], work: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  const readObject = async (kind: 'ConfigMap' | 'Secret', name: string): Promise<KubeObject | undefined> => {
    const found = objects.find((o) => o.kind === kind && o.metadata.name === name && (o.metadata.namespace ?? 'default') === owner.namespace);
    return found && asStored(found);
  };
  const scratch = await mkdtemp(join(tmpdir(), 'isvc-creds-'));
  const files = new PodFiles({ namespace: owner.namespace, folder: join(scratch, 'pod'), sourceMap: {}, readObject });
  try {
    const mounted = new Set((container.volumeMounts ?? []).map(({ name }) => name));
    await files.prepare({ ...pod, volumes: (pod.volumes ?? []).filter(({ name }) => mounted.has(name)) });
    const env = await containerEnvironment(container, {
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: owner.name, namespace: owner.namespace }, spec: pod },
      address: '127.0.0.1', paths: await files.mounts(container), ports: new Map(), readObject,
    });
    return await work({ ...PATIENCE, ...ownVariables(), ...env });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What an API server makes of a Secret whose author wrote plain text. */
function asStored(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object as KubeObject & { readonly stringData?: Readonly<Record<string, string>>; readonly data?: Readonly<Record<string, string>> };
  if (!stringData) return object;
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')])) } } as KubeObject;
}

function ownVariables(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value !== undefined && OWN.test(name) ? [[name, value]] : [])));
}
