import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { type FieldError, invalidValue, required } from '../field-error';
import type { ServedResource } from '../resources/served-resource';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const MAX_ANNOTATION_BYTES = 256 * 1024;

const SUBDOMAIN_RULE = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035_RULE = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED_RULE = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_RULE = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** What is wrong with the metadata of an object that is about to be stored. */
export function validateMetadata(resource: ServedResource, object: KubeObject): FieldError[] {
  const { name, labels, annotations, ownerReferences } = object.metadata;
  return [
    ...validateName(resource, name),
    ...entriesOf(labels).flatMap(([key, value]) => validateLabel(key, value)),
    ...entriesOf(annotations).flatMap(([key]) => (QUALIFIED.test(key.toLowerCase()) ? [] : [invalidValue('metadata.annotations', key, QUALIFIED_RULE)])),
    ...annotationSize(annotations),
    ...(Array.isArray(ownerReferences) ? ownerReferences : []).flatMap((reference, i) => validateOwner(reference, `metadata.ownerReferences[${i}]`)),
  ];
}

function validateName(resource: ServedResource, name: string): FieldError[] {
  if (!name) return [required('metadata.name', 'name or generateName is required')];
  const at = (rule: string): FieldError[] => [invalidValue('metadata.name', name, rule)];
  if (resource.group === '' && resource.plural === 'namespaces') return name.length <= 63 && LABEL.test(name) ? [] : at(name.length > 63 ? 'must be no more than 63 characters' : LABEL_RULE);
  if (resource.group === '' && resource.plural === 'services') return name.length <= 63 && LABEL_1035.test(name) ? [] : at(name.length > 63 ? 'must be no more than 63 characters' : LABEL_1035_RULE);
  if (resource.group === 'rbac.authorization.k8s.io') return /[/%]/.test(name) || name === '.' || name === '..' ? at("may not contain '/' or '%'") : [];
  if (name.length > 253) return at('must be no more than 253 characters');
  return SUBDOMAIN.test(name) ? [] : at(SUBDOMAIN_RULE);
}

function validateLabel(key: string, value: unknown): FieldError[] {
  if (!QUALIFIED.test(key)) return [invalidValue('metadata.labels', key, QUALIFIED_RULE)];
  if (typeof value === 'string' && value.length > 63) return [invalidValue('metadata.labels', value, 'must be no more than 63 bytes')];
  return typeof value === 'string' && LABEL_VALUE.test(value) ? [] : [invalidValue('metadata.labels', value, VALUE_RULE)];
}

function validateOwner(reference: unknown, path: string): FieldError[] {
  if (!isJsonObject(reference)) return [invalidValue(path, reference, 'must be an owner reference')];
  return ['apiVersion', 'kind', 'name', 'uid']
    .filter((field) => typeof reference[field] !== 'string' || reference[field] === '')
    .map((field) => (field === 'apiVersion' ? invalidValue(`${path}.${field}`, '', 'version must not be empty') : invalidValue(`${path}.${field}`, '', `${field} must not be empty`)));
}

function annotationSize(annotations: unknown): FieldError[] {
  const size = entriesOf(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)), 0);
  return size <= MAX_ANNOTATION_BYTES ? [] : [{ reason: 'FieldValueTooLong', field: 'metadata.annotations', message: `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes` }];
}

function entriesOf(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}
