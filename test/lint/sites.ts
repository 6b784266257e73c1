/** Places in a set of objects where a fault can be put. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Doc = { [key: string]: Json };

export interface Site {
  readonly doc: Doc;
  /** Steps from the document to the value. */
  readonly path: readonly (string | number)[];
  readonly parent: Json[] | Doc;
  readonly key: string | number;
  readonly value: Json;
}

/** Maps whose keys are the user's own: a changed key there is another name, not a typo. */
const OWN_KEYS = new Set(['labels', 'annotations', 'nodeSelector', 'limits', 'requests', 'data', 'stringData', 'nodes', 'matchLabels', 'parameters', 'config']);

/** Every field and item below the spec of objects of model serving. */
export function sitesOf(docs: readonly Doc[]): readonly Site[] {
  return docs.filter((d) => String(d['apiVersion']).startsWith('serving.')).flatMap((doc) => walk(doc, doc['spec'] as Json, ['spec']));
}

function walk(doc: Doc, value: Json, path: readonly (string | number)[]): readonly Site[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string | number, Json])[] = Array.isArray(value) ? value.map((v, i) => [i, v] as const) : Object.entries(value);
  return entries.flatMap(([key, child]) => [{ doc, path: [...path, key], parent: value, key, value: child }, ...walk(doc, child, [...path, key])]);
}

/** Fields whose names belong to a schema. */
export function namedFields(docs: readonly Doc[]): readonly Site[] {
  return sitesOf(docs).filter(({ key, path }) => typeof key === 'string' && !OWN_KEYS.has(String(path.at(-2))));
}

export function fieldsCalled(docs: readonly Doc[], ...names: readonly string[]): readonly Site[] {
  return sitesOf(docs).filter((s) => names.includes(String(s.key)));
}

export function docsOf(docs: readonly Doc[], kind: string): readonly Doc[] {
  return docs.filter((d) => d['kind'] === kind);
}

export function mapIn(value: Json | undefined): Doc {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

export function set({ parent, key }: Pick<Site, 'parent' | 'key'>, value: Json): void {
  (parent as Doc)[key as string] = value;
}

export function remove({ parent, key }: Site): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/** Gives a field another name and keeps its place. */
export function rename({ parent, key }: Site, name: string): void {
  const entries = Object.entries(parent as Doc);
  for (const [k] of entries) delete (parent as Doc)[k];
  for (const [k, v] of entries) (parent as Doc)[k === key ? name : k] = v;
}

export function annotate(doc: Doc, key: string, value: Json): void {
  const metadata = mapIn(doc['metadata']);
  metadata['annotations'] = { ...mapIn(metadata['annotations']), [key]: value };
}

/** Whether a service leaves its predictor's replicas alone: then a metric says nothing, and a second scaler is the only one. */
export function hasNoScaler(service: Doc): boolean {
  const predictor = mapIn(mapIn(service['spec'])['predictor']);
  return [service['metadata'], predictor].some((o) => ['none', 'external'].includes(String(mapIn(mapIn(o)['annotations'])['serving.kserve.io/autoscalerClass'])));
}
