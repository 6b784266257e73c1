import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS, customResourceDefinition, type StructuralSchema } from '../../../src/api';
import { parseObjects } from '../../support/canonical';

interface Crd {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: StructuralSchema } }[] };
}

function walk(schema: StructuralSchema, path: string, visit: (schema: StructuralSchema, path: string) => void): void {
  visit(schema, path);
  for (const [name, child] of Object.entries(schema.properties ?? {})) walk(child, `${path}.${name}`, visit);
  if (schema.items) walk(schema.items, `${path}[]`, visit);
  if (typeof schema.additionalProperties === 'object') walk(schema.additionalProperties, `${path}.*`, visit);
}

describe.each(KINDS.map((k) => [k.kind, k] as const))('CRD of %s', (_kind, definition) => {
  const crd = customResourceDefinition(definition);
  const { openAPIV3Schema } = (crd as unknown as Crd).spec.versions[0]?.schema ?? { openAPIV3Schema: {} };

  it('is what crds/ holds', () => {
    const file = readFileSync(join(__dirname, '../../../crds', `${definition.plural}.${definition.group}.yaml`), 'utf8');
    expect(parseObjects(file)).toEqual([JSON.parse(JSON.stringify(crd))]);
  });

  it('is structural: every node has a type or says that it has none', () => {
    const untyped: string[] = [];
    walk(openAPIV3Schema, '', (s, path) => {
      if (!s.type && !s['x-kubernetes-int-or-string'] && !s['x-kubernetes-preserve-unknown-fields']) untyped.push(path);
      if (s.properties && s.additionalProperties) untyped.push(`${path} has both properties and additionalProperties`);
    });
    expect(untyped).toEqual([]);
  });

  it('describes every field, for kubectl explain', () => {
    const bare: string[] = [];
    // apiVersion, kind and metadata of an object are described by every API server itself.
    walk(openAPIV3Schema, '', (s, path) => {
      if (!/(\[\]|\.\*)$/.test(path) && !/^\.(apiVersion|kind|metadata)$/.test(path) && !/^[A-Z].*\.$/.test(s.description ?? '')) bare.push(path);
    });
    expect(bare).toEqual([]);
  });

  it('closes the component level and leaves the pod to Kubernetes', () => {
    const closed: string[] = [];
    walk(openAPIV3Schema, '', (s, path) => {
      if (path.endsWith('.predictor') && s['x-kubernetes-preserve-unknown-fields']) closed.push(path);
      if (/\.(containers|initContainers)\[\]$/.test(path) && !s['x-kubernetes-preserve-unknown-fields']) closed.push(path);
    });
    expect(closed).toEqual([]);
  });
});
