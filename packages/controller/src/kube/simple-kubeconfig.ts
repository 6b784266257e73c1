import type { KubeConnection } from './connection';

/** A kubeconfig as parsed YAML; only what the simple case may hold is named. */
export interface KubeconfigFile {
  readonly 'current-context'?: string;
  readonly clusters?: readonly { readonly name: string; readonly cluster?: Fields }[];
  readonly contexts?: readonly { readonly name: string; readonly context?: Fields }[];
  readonly users?: readonly { readonly name: string; readonly user?: Fields }[];
}

type Fields = Readonly<Record<string, unknown>>;

const CLUSTER_FIELDS = ['server', 'certificate-authority-data', 'insecure-skip-tls-verify', 'tls-server-name', 'extensions'];
const USER_FIELDS = ['token', 'client-certificate-data', 'client-key-data'];

/**
 * The connection of a kubeconfig that holds all it needs in itself: address, CA, token or client certificate (what
 * kind, k3s, minikube and `isvc run` write). Undefined when anything else is in it: that is client-node's business.
 */
export function simpleConnection(file: KubeconfigFile, contextName = file['current-context']): KubeConnection | undefined {
  const context = file.contexts?.find((c) => c.name === contextName)?.context;
  const cluster = file.clusters?.find((c) => c.name === context?.['cluster'])?.cluster;
  const user = file.users?.find((u) => u.name === context?.['user'])?.user ?? {};
  const server = cluster?.['server'];
  if (!context || !cluster || typeof server !== 'string' || !onlyHas(cluster, CLUSTER_FIELDS) || !onlyHas(user, USER_FIELDS)) {
    return undefined;
  }
  const token = text(user['token']);
  const ca = decoded(cluster['certificate-authority-data']);
  const cert = decoded(user['client-certificate-data']);
  const key = decoded(user['client-key-data']);
  const servername = text(cluster['tls-server-name']);
  const namespace = text(context['namespace']);
  return {
    url: server,
    ...(token ? { token } : {}),
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(servername ? { servername } : {}),
    ...(cluster['insecure-skip-tls-verify'] === true ? { insecure: true } : {}),
    ...(namespace ? { namespace } : {}),
  };
}

function onlyHas(fields: Fields, allowed: readonly string[]): boolean {
  return Object.keys(fields).every((name) => allowed.includes(name));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function decoded(base64: unknown): Buffer | undefined {
  return typeof base64 === 'string' && base64 !== '' ? Buffer.from(base64, 'base64') : undefined;
}
