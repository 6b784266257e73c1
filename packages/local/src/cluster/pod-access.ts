import type { PodAccess, WayIn } from '../apiserver/http/pod-access';
import type { KubeObject } from 'cdk8s-kserve/api';
import { parsePortsAnnotation, PORTS_ANNOTATION } from '../kubelet/ports';
import { podLogs, type PodLogsOptions } from './pod-logs';

/** What `kubectl logs`, `exec`, `port-forward` and the like hear about pods that are processes of this machine. */
export function podAccess(options: PodLogsOptions): PodAccess {
  return { logs: podLogs(options), whyNoWayIn };
}

function whyNoWayIn(pod: KubeObject, way: WayIn): string {
  if (way !== 'portforward') return 'not in local mode: containers are processes of this machine, so look at them from here; kubectl logs shows what they write';
  const ports = [...parsePortsAnnotation(pod.metadata.annotations?.[PORTS_ANNOTATION])];
  const where = ports.map(([port, here]) => `port ${port} of pod ${JSON.stringify(pod.metadata.name)} is 127.0.0.1:${here}`).join(', ');
  return `not needed in local mode: ${where || 'this pod listens on no port'}`;
}
