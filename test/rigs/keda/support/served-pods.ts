import type { KubeObject } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';
import { parsePortsAnnotation, PORTS_ANNOTATION } from '../../../../packages/local/src/kubelet/ports';
import { condition } from '../../../e2e/controller/support/iris';
import type { TargetGroup } from './prometheus';

/** A pod that answers requests, a process of this machine. */
export interface ServedPod {
  readonly namespace: string;
  /** Of its server. */
  readonly url: string;
  /** How Prometheus finds its metrics: by the annotations that KServe has for that, under the labels that clusters give. */
  readonly target: TargetGroup;
}

export async function servedPods(api: KubeApi, namespace: string): Promise<readonly ServedPod[]> {
  const { items } = await api.list({ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true }, { namespace });
  return items.filter((pod) => !pod.metadata.deletionTimestamp && condition(pod, 'Ready')?.startsWith('True')).map(servedPod);
}

function servedPod({ metadata: { name, namespace = '', annotations = {} } }: KubeObject): ServedPod {
  const ports = parsePortsAnnotation(annotations[PORTS_ANNOTATION]);
  const addressOf = (port: number): string => `127.0.0.1:${ports.get(port) ?? 0}`;
  const scraped = addressOf(Number(annotations['prometheus.kserve.io/port']));
  return { namespace, url: `http://${addressOf(8080)}`, target: { targets: [scraped], labels: { namespace, pod: name, __metrics_path__: annotations['prometheus.kserve.io/path'] ?? '' } } };
}
