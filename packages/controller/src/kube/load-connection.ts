import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { connectionFromClientNode } from './client-node';
import type { KubeConnection } from './connection';
import { connectionInCluster } from './in-cluster';
import { simpleConnection, type KubeconfigFile } from './simple-kubeconfig';

export interface LoadConnectionOptions {
  /** Path of a kubeconfig. @default - `KUBECONFIG`, then the pod's service account, then `~/.kube/config` */
  readonly kubeconfig?: string;
  /** @default - the kubeconfig's current context */
  readonly context?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Finds the API server the way Kubernetes programs do. Throws `ISVC_KUBE_CONFIG` when there is none to find. */
export async function loadConnection(options: LoadConnectionOptions = {}): Promise<KubeConnection> {
  const env = options.env ?? process.env;
  const named = options.kubeconfig ?? env['KUBECONFIG']?.split(delimiter).find((path) => path !== '');
  if (named) {
    return connectionFromFile(named, options.context);
  }
  const inCluster = await connectionInCluster(env);
  if (inCluster) {
    return inCluster;
  }
  const usual = join(homedir(), '.kube', 'config');
  const exists = await access(usual).then(() => true, () => false);
  if (!exists) {
    throw new IsvcError('ISVC_KUBE_CONFIG', 'there is no kubeconfig: neither --kubeconfig nor KUBECONFIG names one, this is not a pod, and ~/.kube/config does not exist', {
      hint: 'pass --kubeconfig FILE',
    });
  }
  return connectionFromFile(usual, options.context);
}

async function connectionFromFile(path: string, context: string | undefined): Promise<KubeConnection> {
  let yaml: string;
  try {
    yaml = await readFile(path, 'utf8');
  } catch (cause) {
    throw new IsvcError('ISVC_KUBE_CONFIG', `the kubeconfig cannot be read: ${messageOf(cause)}`, { path, cause });
  }
  const simple = simpleConnection(await parseYaml(path, yaml), context);
  if (simple) {
    return simple;
  }
  return connectionFromClientNode(yaml, dirname(resolve(path)), context);
}

async function parseYaml(path: string, text: string): Promise<KubeconfigFile> {
  const { parse } = await import('yaml');
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (cause) {
    throw new IsvcError('ISVC_KUBE_CONFIG', `the kubeconfig is not YAML: ${messageOf(cause)}`, { path, cause });
  }
  if (typeof parsed !== 'object' || parsed === null) {
    throw new IsvcError('ISVC_KUBE_CONFIG', 'the kubeconfig is empty', { path });
  }
  return parsed as KubeconfigFile;
}
