import type { JsonObject } from 'cdk8s-kserve/api';
import { arrayAt, type MutableJson, objectAt } from '../json';

/** What Kubernetes fills into a pod spec and no schema can say; changes it in place. */
export function defaultPodSpec(spec: JsonObject | undefined): void {
  if (!spec) return;
  const draft = spec as MutableJson;
  // The older name of the field mirrors the newer one.
  if (draft['serviceAccountName'] === undefined && draft['serviceAccount'] !== undefined) draft['serviceAccountName'] = draft['serviceAccount'];
  if (draft['serviceAccountName'] !== undefined) draft['serviceAccount'] = draft['serviceAccountName'];
  for (const list of ['containers', 'initContainers']) for (const container of arrayAt(spec, list)) defaultContainer(container as MutableJson);
  for (const volume of arrayAt(spec, 'volumes')) {
    // A volume that names no source is an empty directory.
    if (Object.keys(volume as object).length === 1) (volume as MutableJson)['emptyDir'] = {};
  }
}

export function defaultPodTemplate(object: MutableJson): void {
  defaultPodSpec(objectAt(object, 'spec', 'template', 'spec'));
}

function defaultContainer(container: MutableJson): void {
  if (container['imagePullPolicy'] === undefined && typeof container['image'] === 'string') container['imagePullPolicy'] = pullPolicyFor(container['image']);
  const [limits, requests] = [objectAt(container, 'resources', 'limits'), objectAt(container, 'resources', 'requests')];
  // What is limited is requested, unless the request says otherwise.
  if (limits) (container['resources'] as MutableJson)['requests'] = { ...limits, ...requests };
}

function pullPolicyFor(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}
