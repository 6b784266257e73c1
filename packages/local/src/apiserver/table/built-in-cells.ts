import { isJsonObject, type JsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, numberAt, objectAt, stringAt, valueAt } from '../json';
import { age, column, textOf } from './cells';
import type { Column } from './column';

export function podColumns(): readonly Column[] {
  return [
    column('Ready', (o) => `${containerStatuses(o).filter((s) => s['ready'] === true).length}/${arrayAt(o, 'spec', 'containers').length}`),
    column('Status', podState),
    column('Restarts', (o, now) => restarts(o, now)),
  ];
}

export function podWideColumns(): readonly Column[] {
  return [
    column('IP', (o) => textOf(valueAt(o, 'status', 'podIP')), { wide: true }),
    column('Node', (o) => textOf(valueAt(o, 'spec', 'nodeName')), { wide: true }),
    column('Nominated Node', (o) => textOf(valueAt(o, 'status', 'nominatedNodeName')), { wide: true }),
    column('Readiness Gates', () => '<none>', { wide: true }),
  ];
}

/** The word that sums up a pod: what its first troubled container says, or else its phase. */
function podState(pod: KubeObject): string {
  const phase = stringAt(pod, 'status', 'reason') ?? stringAt(pod, 'status', 'phase') ?? 'Unknown';
  const init = initState(pod);
  if (init !== undefined) return pod.metadata.deletionTimestamp ? 'Terminating' : init;
  let state = phase;
  let running = false;
  for (const container of [...containerStatuses(pod)].reverse()) {
    const trouble = troubleOf(container);
    if (trouble !== undefined) state = trouble;
    else if (container['ready'] === true && objectAt(container, 'state', 'running')) running = true;
  }
  if (state === 'Completed' && running) state = isReady(pod) ? 'Running' : 'NotReady';
  return pod.metadata.deletionTimestamp ? 'Terminating' : state;
}

function initState(pod: KubeObject): string | undefined {
  const statuses = arrayAt(pod, 'status', 'initContainerStatuses').filter(isJsonObject);
  const total = arrayAt(pod, 'spec', 'initContainers').length;
  for (const [i, container] of statuses.entries()) {
    if (numberAt(container, 'state', 'terminated', 'exitCode') === 0 || container['started'] === true) continue;
    const trouble = troubleOf(container);
    return trouble !== undefined && trouble !== 'PodInitializing' ? `Init:${trouble}` : `Init:${i}/${total}`;
  }
  return undefined;
}

function troubleOf(container: JsonObject): string | undefined {
  const waiting = stringAt(container, 'state', 'waiting', 'reason');
  if (waiting) return waiting;
  const terminated = objectAt(container, 'state', 'terminated');
  if (!terminated) return undefined;
  const signal = numberAt(terminated, 'signal');
  return stringAt(terminated, 'reason') ?? (signal ? `Signal:${signal}` : `ExitCode:${String(terminated['exitCode'])}`);
}

function restarts(pod: KubeObject, now: Date): string {
  const all = [...containerStatuses(pod), ...arrayAt(pod, 'status', 'initContainerStatuses').filter(isJsonObject)];
  const total = all.reduce((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0);
  const last = all.map((status) => stringAt(status, 'lastState', 'terminated', 'finishedAt')).filter((time) => time !== undefined).sort().at(-1);
  return total > 0 && last ? `${total} (${age(last, now)} ago)` : String(total);
}

export function isReady(object: KubeObject): boolean {
  return arrayAt(object, 'status', 'conditions').some((c) => valueAt(c, 'type') === 'Ready' && valueAt(c, 'status') === 'True');
}

function containerStatuses(pod: KubeObject): readonly JsonObject[] {
  return arrayAt(pod, 'status', 'containerStatuses').filter(isJsonObject);
}

export function containerNames(object: KubeObject): string {
  return arrayAt(object, 'spec', 'template', 'spec', 'containers').map((c) => stringAt(c, 'name') ?? '').join(',');
}

export function images(object: KubeObject): string {
  return arrayAt(object, 'spec', 'template', 'spec', 'containers').map((c) => stringAt(c, 'image') ?? '').join(',');
}

export function selectorText(labels: JsonObject | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

export function servicePorts(service: KubeObject): string {
  const ports = arrayAt(service, 'spec', 'ports').filter(isJsonObject);
  return textOf(ports.map((p) => `${String(p['port'])}${p['nodePort'] ? `:${String(p['nodePort'])}` : ''}/${stringAt(p, 'protocol') ?? 'TCP'}`).join(','));
}

export function externalIp(service: KubeObject): string {
  const type = stringAt(service, 'spec', 'type');
  if (type === 'ExternalName') return stringAt(service, 'spec', 'externalName') ?? '<none>';
  const given = arrayAt(service, 'spec', 'externalIPs').map(String);
  const assigned = arrayAt(service, 'status', 'loadBalancer', 'ingress').map((i) => stringAt(i, 'ip') ?? stringAt(i, 'hostname') ?? '');
  const all = [...assigned, ...given].filter((text) => text !== '');
  return all.length > 0 ? all.join(',') : type === 'LoadBalancer' ? '<pending>' : '<none>';
}

/** At most three addresses, as kubectl shows them. */
export function endpointsText(endpoints: KubeObject): string {
  const all = arrayAt(endpoints, 'subsets').flatMap((subset) => {
    const ports = arrayAt(subset, 'ports').map((port) => valueAt(port, 'port'));
    return arrayAt(subset, 'addresses').flatMap((address) => (ports.length === 0 ? [stringAt(address, 'ip') ?? ''] : ports.map((port) => `${stringAt(address, 'ip') ?? ''}:${String(port)}`)));
  });
  return all.length === 0 ? '<none>' : `${all.slice(0, 3).join(',')}${all.length > 3 ? ` + ${all.length - 3} more...` : ''}`;
}
