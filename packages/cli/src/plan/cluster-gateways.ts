import { GATEWAY_API } from 'cdk8s-kserve/api';
import { HttpKubeApi, KubeApiError, loadConnection, type KubeApi } from 'cdk8s-kserve-controller';
import type { Manifest } from '../manifests/manifest';

/** Gateways of a cluster and their classes, which say what they can do; none where the caller may not list them. */
export async function clusterGateways(kubeconfig: string | undefined): Promise<readonly Manifest[]> {
  const api = new HttpKubeApi(await loadConnection(kubeconfig === undefined ? {} : { kubeconfig }));
  try {
    return (await Promise.all(['Gateway', 'GatewayClass'].map((kind) => listed(api, kind)))).flat();
  } finally {
    api.close();
  }
}

async function listed(api: KubeApi, kind: string): Promise<readonly Manifest[]> {
  const resource = await api.discover(GATEWAY_API, kind);
  if (!resource) return [];
  const { items } = await api.list(resource, {}).catch((error: unknown) => {
    if (error instanceof KubeApiError && error.statusCode === 403) return { items: [] };
    throw error;
  });
  return items.map((object) => ({ object, file: 'the cluster', position: () => ({ line: 1, column: 1 }) }));
}
