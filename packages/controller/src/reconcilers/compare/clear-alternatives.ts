import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';

/** Fields of a pod of which one excludes the others; those with a source of a volume are below. */
const ALTERNATIVES: readonly (readonly string[])[] = [
  ['exec', 'grpc', 'httpGet', 'tcpSocket'],
  ['value', 'valueFrom'],
  ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'],
  ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'hostPath', 'image', 'nfs', 'persistentVolumeClaim', 'projected', 'secret'],
];

/**
 * The desired Deployment with a `null` for each field that is there and that a desired one excludes.
 *
 * Taking back a probe's `httpGet` leaves the `scheme` that the server filled in, which belongs to nobody; the API server then
 * finds two handlers and refuses. The same goes for `rollingUpdate` of a Deployment that is to be recreated.
 */
export function clearAlternatives(desired: KubeObject, live: KubeObject | undefined): KubeObject {
  return desired.kind === 'Deployment' && live ? (cleared(desired, live) as KubeObject) : desired;
}

function cleared(desired: unknown, live: unknown): unknown {
  if (Array.isArray(desired)) {
    return desired.map((item: unknown) => cleared(item, counterpart(item, live)));
  }
  if (!isJsonObject(desired) || !isJsonObject(live)) {
    return desired;
  }
  const kept = Object.entries(desired).map(([key, value]) => [key, cleared(value, live[key])]);
  const excluded = ALTERNATIVES.filter((keys) => keys.some((key) => desired[key] !== undefined)).flat();
  if (desired['type'] === 'Recreate') {
    excluded.push('rollingUpdate');
  }
  const gone = excluded.filter((key) => desired[key] === undefined && live[key] !== undefined && live[key] !== null);
  return Object.fromEntries([...kept, ...gone.map((key) => [key, null])]);
}

/** Lists of a pod that hold objects are merged by name. */
function counterpart(item: unknown, live: unknown): unknown {
  const name = isJsonObject(item) ? item['name'] : undefined;
  return name !== undefined && Array.isArray(live) ? live.find((other: unknown) => isJsonObject(other) && other['name'] === name) : undefined;
}
