import { isJsonObject, type JsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { valueAt } from '../json';
import type { ScalePaths, ServedResource } from '../resources/served-resource';
import { badRequest } from '../status-error';

const BUILT_IN_PATHS: ScalePaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };

/** The autoscaling/v1 Scale of an object. */
export function toScale(resource: ServedResource, object: KubeObject): JsonObject {
  const paths = resource.scale ?? BUILT_IN_PATHS;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = paths.labelSelectorPath ? valueAt(object, ...fields(paths.labelSelectorPath)) : labelSelectorText(valueAt(object, 'spec', 'selector'));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace ? { namespace } : {}), uid, resourceVersion, creationTimestamp },
    spec: { replicas: valueAt(object, ...fields(paths.specReplicasPath)) ?? 0 },
    status: { replicas: valueAt(object, ...fields(paths.statusReplicasPath)) ?? 0, ...(typeof selector === 'string' && selector !== '' ? { selector } : {}) },
  };
}

/** The object with the replicas of a Scale that a client wrote. @throws StatusError 400 */
export function applyScale(resource: ServedResource, object: KubeObject, scale: unknown): KubeObject {
  const replicas = valueAt(scale, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) throw badRequest(`spec.replicas of a Scale must be an integer >= 0, got ${JSON.stringify(replicas)}`);
  const resourceVersion = valueAt(scale, 'metadata', 'resourceVersion');
  const path = fields((resource.scale ?? BUILT_IN_PATHS).specReplicasPath);
  const scaled = withValue(object, path, replicas) as KubeObject;
  return typeof resourceVersion === 'string' ? { ...scaled, metadata: { ...scaled.metadata, resourceVersion } } : scaled;
}

function fields(jsonPath: string): string[] {
  return jsonPath.split('.').filter((part) => part !== '');
}

function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const object = isJsonObject(target) ? target : {};
  return { ...object, [name]: withValue(object[name], rest, value) };
}

function labelSelectorText(selector: unknown): string {
  const labels = valueAt(selector, 'matchLabels');
  return isJsonObject(labels) ? Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`).sort().join(',') : '';
}
