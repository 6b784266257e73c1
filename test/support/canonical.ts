import { parseAllDocuments, stringify } from 'yaml';
import type { KubeObject } from '../../src/api';

/** The one text form in which golden files are written and compared: sorted keys, one document an object. */
export function canonicalYaml(objects: readonly KubeObject[]): string {
  return objects.map((o) => stringify(sorted(o), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

export function parseObjects(text: string): KubeObject[] {
  return parseAllDocuments(text, { version: '1.1' })
    .map((d) => {
      if (d.errors.length > 0) throw d.errors[0];
      return d.toJS() as KubeObject | null;
    })
    .filter((o): o is KubeObject => o !== null);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
