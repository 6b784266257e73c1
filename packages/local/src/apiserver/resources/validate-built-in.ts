import { isJsonObject, jsonEqual, type KubeObject } from 'cdk8s-kserve/api';
import { type FieldError, duplicate, fieldForbidden, invalidValue, required } from '../field-error';
import { arrayAt, objectAt, stringAt, valueAt, without } from '../json';
import { parseLabelSelector } from '../selectors/label-selector';
import { containerErrors } from './validate-containers';

// The rules of built-in kinds that their schemas cannot say and that a wrong manifest most often breaks.

export function validatePod(pod: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  return [...podSpecErrors(pod['spec'], 'spec'), ...(old ? podUpdateErrors(pod, old) : [])];
}

export function validateWorkload(workload: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  const selector = valueAt(workload, 'spec', 'selector');
  const template = valueAt(workload, 'spec', 'template', 'spec');
  return [
    ...selectorErrors(workload),
    ...(template === undefined ? [] : podSpecErrors(template, 'spec.template.spec')),
    ...(old && !jsonEqual(selector, valueAt(old, 'spec', 'selector')) ? [invalidValue('spec.selector', selector, 'field is immutable')] : []),
  ];
}

export function validateService(service: KubeObject): readonly FieldError[] {
  const ports = arrayAt(service, 'spec', 'ports');
  const headless = stringAt(service, 'spec', 'clusterIP') === 'None';
  const type = stringAt(service, 'spec', 'type');
  const names = new Set<unknown>();
  return [
    ...(ports.length === 0 && !headless && type !== 'ExternalName' ? [required('spec.ports')] : []),
    ...ports.flatMap((port, i) => {
      const name = valueAt(port, 'name');
      const again = names.has(name);
      names.add(name);
      if (ports.length > 1 && !name) return [required(`spec.ports[${i}].name`)];
      return again && name ? [duplicate(`spec.ports[${i}].name`, name)] : [];
    }),
  ];
}

/** What a pod may change after its creation is little; the image is what people change. */
function podUpdateErrors(pod: KubeObject, old: KubeObject): FieldError[] {
  const fixed = (object: KubeObject): object => {
    const spec = without(objectAt(object, 'spec') ?? {}, 'activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds', 'schedulingGates', 'ephemeralContainers', 'nodeName');
    const imageless = (list: string): unknown[] => arrayAt(spec, list).map((c) => (isJsonObject(c) ? without(c, 'image', 'resources') : c));
    return { ...spec, containers: imageless('containers'), initContainers: imageless('initContainers') };
  };
  const moved = valueAt(old, 'spec', 'nodeName') !== undefined && valueAt(old, 'spec', 'nodeName') !== valueAt(pod, 'spec', 'nodeName');
  if (!moved && jsonEqual(fixed(pod), fixed(old))) return [];
  return [fieldForbidden('spec', 'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)')];
}

function podSpecErrors(spec: unknown, path: string): FieldError[] {
  const volumes = new Set(arrayAt(spec, 'volumes').map((volume) => stringAt(volume, 'name')));
  const seen = new Set<string>();
  return ['initContainers', 'containers'].flatMap((list) => arrayAt(spec, list).flatMap((container, i) => {
    const at = `${path}.${list}[${i}]`;
    const name = stringAt(container, 'name') ?? '';
    const repeated = seen.has(name);
    seen.add(name);
    return [
      ...(repeated ? [duplicate(`${at}.name`, name)] : []),
      ...(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? [] : [invalidValue(`${at}.name`, name, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character")]),
      ...(stringAt(container, 'image') ? [] : [required(`${at}.image`)]),
      ...arrayAt(container, 'volumeMounts').flatMap((mount, j) => {
        const volume = stringAt(mount, 'name');
        return volumes.has(volume) ? [] : [{ reason: 'FieldValueNotFound', field: `${at}.volumeMounts[${j}].name`, message: `Not found: ${JSON.stringify(volume)}` } as const];
      }),
      ...containerErrors(container, at),
    ];
  }));
}

function selectorErrors(workload: KubeObject): FieldError[] {
  const selector = objectAt(workload, 'spec', 'selector');
  const labels = objectAt(workload, 'spec', 'template', 'metadata', 'labels') as Readonly<Record<string, string>> | undefined;
  const text = selectorQuery(selector);
  if (text === '') return [invalidValue('spec.selector', selector ?? {}, 'empty selector is invalid for deployment')];
  if (!objectAt(workload, 'spec', 'template') || parseLabelSelector(text)(labels)) return [];
  return [invalidValue('spec.template.metadata.labels', labels ?? {}, '`selector` does not match template `labels`')];
}

/** A LabelSelector object in the text form of `kubectl -l`. */
function selectorQuery(selector: unknown): string {
  const equal = Object.entries(objectAt(selector, 'matchLabels') ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = arrayAt(selector, 'matchExpressions').map((expression) => {
    const [key, values] = [stringAt(expression, 'key') ?? '', arrayAt(expression, 'values').join(',')];
    switch (stringAt(expression, 'operator')) {
      case 'In': return `${key} in (${values})`;
      case 'NotIn': return `${key} notin (${values})`;
      case 'DoesNotExist': return `!${key}`;
      default: return key;
    }
  });
  return [...equal, ...expressions].join(',');
}
