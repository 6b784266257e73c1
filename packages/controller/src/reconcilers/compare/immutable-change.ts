import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';

/**
 * What it takes to change a field that the API server never changes on an object that is there:
 *
 * - `replace`: delete and create; whoever needs the object meets its absence for a moment.
 * - `hand over`: delete it without its pods; the new object finds them by its selector and takes them over, so none stops.
 * - `stuck`: the new object would not find the old pods, and both cannot have the one name.
 */
export type ImmutableChange = { readonly path: string; readonly way: 'replace' | 'hand over' | 'stuck' };

/** @param reasons paths at which the live object differs, as `findDifferences` and `findAbandoned` tell them */
export function immutableChange(desired: KubeObject, live: KubeObject, reasons: readonly string[]): ImmutableChange | undefined {
  if (desired.apiVersion === 'v1' && desired.kind === 'Service' && reasons.includes('spec.clusterIP')) {
    return { path: 'spec.clusterIP', way: 'replace' };
  }
  const path = 'spec.selector';
  if (desired.apiVersion === 'apps/v1' && desired.kind === 'Deployment' && !sameLabels(selectorOf(desired), selectorOf(live))) {
    const found = Object.entries(selectorOf(desired)).every(([name, value]) => labelsOfPods(live)[name] === value);
    return { path, way: found ? 'hand over' : 'stuck' };
  }
  return undefined;
}

type Labels = Readonly<Record<string, unknown>>;

function selectorOf(deployment: KubeObject): Labels {
  return labelsAt(deployment, ['spec', 'selector', 'matchLabels']);
}

function labelsOfPods(deployment: KubeObject): Labels {
  return labelsAt(deployment, ['spec', 'template', 'metadata', 'labels']);
}

function labelsAt(object: unknown, path: readonly string[]): Labels {
  const found = path.reduce<unknown>((at, step) => (isJsonObject(at) ? at[step] : undefined), object);
  return isJsonObject(found) ? found : {};
}

function sameLabels(one: Labels, other: Labels): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
