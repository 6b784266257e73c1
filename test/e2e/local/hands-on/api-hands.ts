import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import { HttpKubeApi, Informer, loadConnection, type ApiResource } from 'cdk8s-kserve-controller';
import { until } from '../../../support/until';
import { OF_SERVICE, type Hands } from './hands';

const RESOURCES = {
  pods: { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true },
  deployments: { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true },
  ksvc: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', plural: 'services', namespaced: true },
} as const satisfies Record<string, ApiResource>;

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
}

/** The same requests as kubectl's by our own client, for machines without the program. */
export async function apiHands(kubeconfig: string, url: string): Promise<Hands & { close(): void }> {
  const connection = await loadConnection({ kubeconfig });
  const api = new HttpKubeApi(connection);
  let namespace = 'default';
  const isvc = (name: string): ObjectRef => ({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name, namespace });

  return {
    close: () => api.close(),
    createNamespace: async (name) => {
      await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      namespace = name;
    },
    apply: async (object) => {
      const before = await api.get(isvc(object.metadata.name));
      const applied = await api.apply({ ...object, metadata: { ...object.metadata, namespace } }, { fieldManager: 'learner' });
      if (!before) return 'created';
      return before.metadata.resourceVersion === applied.metadata.resourceVersion ? 'unchanged' : 'configured';
    },
    row: async (name) => {
      const path = `/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices/${name}`;
      const answer = await fetch(new URL(path, url), { headers: { accept: TABLE, authorization: `Bearer ${connection.token ?? ''}` } });
      const { columnDefinitions, rows } = (await answer.json()) as Table;
      const cells = rows[0]?.cells ?? [];
      return Object.fromEntries(columnDefinitions.flatMap((column, i) => (column.priority === 0 ? [[column.name.toUpperCase(), String(cells[i] ?? '')]] : [])));
    },
    url: async (name) => ((await api.get(isvc(name)))?.['status'] as { readonly url?: string } | undefined)?.url ?? '',
    annotate: async (name, key, value) => void (await api.mergePatch(isvc(name), { metadata: { annotations: { [key]: value } } })),
    names: async (plural, service) => (await api.list(RESOURCES[plural], { namespace, ...(service ? { labelSelector: `${OF_SERVICE}=${service}` } : {}) })).items.map((o) => o.metadata.name),
    watchPods: (service) => {
      const informer = new Informer({ api, resource: RESOURCES.pods });
      const seen = new Map<string, boolean>();
      const look = ({ object, type }: { readonly object: KubeObject; readonly type: string }): void => {
        if (object.metadata.labels?.[OF_SERVICE] === service) seen.set(object.metadata.name, type !== 'deleted' && isReady(object));
      };
      informer.onChange(look);
      informer.start();
      return {
        get seen() {
          return seen.size;
        },
        get ready() {
          return [...seen.values()].filter(Boolean).length;
        },
        stop: () => informer.stop(),
      };
    },
    remove: async (name) => {
      await api.delete(isvc(name));
      await until(`the end of ${name}`, async () => (await api.get(isvc(name))) === undefined);
    },
  };
}

function isReady(pod: KubeObject): boolean {
  const { conditions = [] } = (pod['status'] ?? {}) as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  return !pod.metadata.deletionTimestamp && conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}
