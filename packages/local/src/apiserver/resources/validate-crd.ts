import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { type FieldError, duplicate, invalidValue, required } from '../field-error';
import { arrayAt, objectAt, stringAt, valueAt } from '../json';

const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

/** What makes a definition unusable: its names, its versions, or a schema that is not structural. */
export function validateCrd(crd: KubeObject): readonly FieldError[] {
  const [group, plural] = [stringAt(crd, 'spec', 'group'), stringAt(crd, 'spec', 'names', 'plural')];
  const wanted = `${plural ?? ''}.${group ?? ''}`;
  return [
    ...(crd.metadata.name === wanted ? [] : [invalidValue('metadata.name', crd.metadata.name, `must be spec.names.plural+"."+spec.group`)]),
    ...(plural ? [] : [required('spec.names.plural')]),
    ...(stringAt(crd, 'spec', 'names', 'kind') ? [] : [required('spec.names.kind')]),
    ...versionErrors(crd),
  ];
}

function versionErrors(crd: KubeObject): FieldError[] {
  const versions = arrayAt(crd, 'spec', 'versions').filter(isJsonObject);
  const stored = versions.filter((version) => version['storage'] === true);
  const seen = new Set<string>();
  return [
    ...(stored.length === 1 ? [] : [invalidValue('spec.versions', versions.map((v) => v['name']), 'must have exactly one version marked as storage version')]),
    ...versions.flatMap((version, i) => {
      const [path, name] = [`spec.versions[${i}]`, stringAt(version, 'name') ?? ''];
      const again = seen.has(name);
      seen.add(name);
      const schema = objectAt(version, 'schema', 'openAPIV3Schema');
      return [
        ...(name ? [] : [required(`${path}.name`)]),
        ...(again ? [duplicate(`${path}.name`, name)] : []),
        ...(schema ? schemaErrors(schema, `${path}.schema.openAPIV3Schema`) : [required(`${path}.schema.openAPIV3Schema`, 'schemas are required')]),
        ...(schema && schema['type'] !== 'object' ? [invalidValue(`${path}.schema.openAPIV3Schema.type`, schema['type'], 'must be object at the root')] : []),
      ];
    }),
  ];
}

/** The rules that make a schema structural: every node has one known type, and no node mixes fields with a free-form mapping. */
function schemaErrors(schema: unknown, path: string): FieldError[] {
  if (!isJsonObject(schema)) return [invalidValue(path, schema, 'must be a schema')];
  const type = schema['type'];
  const typed = schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const errors: FieldError[] = [];
  if (type === undefined || type === '') {
    if (!typed) errors.push(required(`${path}.type`, 'must not be empty for specified object fields'));
  } else if (!TYPES.includes(String(type))) errors.push(invalidValue(`${path}.type`, type, `supported values: ${TYPES.map((t) => JSON.stringify(t)).join(', ')}`));
  if (schema['properties'] !== undefined && isJsonObject(schema['additionalProperties'])) errors.push(invalidValue(`${path}.additionalProperties`, 'schema', 'additionalProperties and properties are mutual exclusive'));
  if (type === 'array' && schema['items'] === undefined) errors.push(required(`${path}.items`, 'must be specified'));
  for (const [name, child] of Object.entries(objectAt(schema, 'properties') ?? {})) errors.push(...schemaErrors(child, `${path}.properties[${name}]`));
  if (schema['items'] !== undefined) errors.push(...schemaErrors(valueAt(schema, 'items'), `${path}.items`));
  if (isJsonObject(schema['additionalProperties'])) errors.push(...schemaErrors(schema['additionalProperties'], `${path}.additionalProperties`));
  return errors;
}
