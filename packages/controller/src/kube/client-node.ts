// The only file that touches @kubernetes/client-node: it is ESM-only, and importing it takes longer than the rest of
// the controller together, so it is loaded when a kubeconfig needs it (exec plugins, OIDC, several users) and not before.
import type { RequestOptions } from 'node:https';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { KubeConnection, RequestAuth, TlsOptions } from './connection';

/** Any kubeconfig that kubectl understands. Credentials are asked for again before each request. */
export async function connectionFromClientNode(yaml: string, folder: string, context?: string): Promise<KubeConnection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromString(yaml);
    config.makePathsAbsolute(folder);
    if (context !== undefined) {
      config.setCurrentContext(context);
    }
  } catch (cause) {
    throw new IsvcError('ISVC_KUBE_CONFIG', `the kubeconfig cannot be read: ${messageOf(cause)}`, { cause });
  }
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new IsvcError('ISVC_KUBE_CONFIG', `the kubeconfig has no cluster for its context "${config.getCurrentContext()}"`, {
      hint: 'choose one with kubectl config use-context',
    });
  }
  if (cluster.proxyUrl) {
    throw new IsvcError('ISVC_KUBE_CONFIG', `the kubeconfig reaches its cluster through the proxy ${cluster.proxyUrl}, which is not supported`, {
      hint: 'remove proxy-url, or run kubectl proxy and point the kubeconfig at it',
    });
  }
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace;
  const authorize = async (): Promise<RequestAuth> => {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new IsvcError('ISVC_KUBE_CONFIG', `the credentials of the kubeconfig cannot be obtained: ${messageOf(cause)}`, { cause });
    }
    return { headers: headersOf(options), tls: tlsOf(options) };
  };
  return { url: cluster.server, authorize, ...(namespace ? { namespace } : {}) };
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (typeof value === 'string') {
      headers[name.toLowerCase()] = value;
    }
  }
  if (options.auth) {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  return headers;
}

function tlsOf(options: RequestOptions): TlsOptions {
  const { ca, cert, key, passphrase, servername, rejectUnauthorized } = options;
  return {
    ...(ca ? { ca: ca as Buffer } : {}),
    ...(cert ? { cert: cert as Buffer } : {}),
    ...(key ? { key: key as Buffer } : {}),
    ...(passphrase ? { passphrase } : {}),
    ...(servername ? { servername } : {}),
    ...(rejectUnauthorized === false ? { insecure: true } : {}),
  };
}
