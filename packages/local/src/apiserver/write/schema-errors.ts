import { findViolations, isJsonObject, jsonTypeOf, type KubeObject, type Violation } from 'cdk8s-kserve/api';
import { duplicate, type FieldError, invalidValue, notSupported, required, tooLong, tooMany, typeInvalid } from '../field-error';
import type { ServedResource } from '../resources/served-resource';

/** What the schema of a resource refuses in an object, in the words of the real server; unknown fields are not errors here. */
export function validateAgainstSchema(resource: ServedResource, object: KubeObject): FieldError[] {
  return findViolations(resource.schema, object, '', { resourceRoot: true }).flatMap(toFieldError);
}

function toFieldError(violation: Violation): FieldError[] {
  const { path, value } = violation;
  const body = `${path} in body`;
  switch (violation.rule) {
    case 'unknown-field': return [];
    case 'required': return [required(path)];
    case 'type': return [typeInvalid(path, jsonTypeOf(value), `${body} must be of type ${violation.expected}: ${JSON.stringify(jsonTypeOf(value))}`)];
    case 'enum': return [notSupported(path, value, violation.allowed)];
    case 'pattern': return [invalidValue(path, value, `${body} should match '${violation.pattern}'`)];
    case 'format': return [typeInvalid(path, value, `${body} must be of type ${violation.format}: ${JSON.stringify(String(value))}`)];
    case 'duplicate': return [duplicate(path, value)];
    case 'minimum': return [invalidValue(path, value, `${body} should be greater than or equal to ${violation.limit}`)];
    case 'maximum': return [invalidValue(path, value, `${body} should be less than or equal to ${violation.limit}`)];
    case 'exclusiveMinimum': return [invalidValue(path, value, `${body} should be greater than ${violation.limit}`)];
    case 'exclusiveMaximum': return [invalidValue(path, value, `${body} should be less than ${violation.limit}`)];
    case 'multipleOf': return [invalidValue(path, value, `${body} should be a multiple of ${violation.limit}`)];
    case 'minLength': return [invalidValue(path, value, `${body} should be at least ${violation.limit} chars long`)];
    case 'maxLength': return [tooLong(path, violation.limit)];
    case 'minItems': return [invalidValue(path, Array.isArray(value) ? value.length : value, `${body} should have at least ${violation.limit} items`)];
    case 'maxItems': return [tooMany(path, Array.isArray(value) ? value.length : 0, violation.limit)];
    case 'minProperties': return [invalidValue(path, value, `${body} should have at least ${violation.limit} properties`)];
    case 'maxProperties': return [tooMany(path, isJsonObject(value) ? Object.keys(value).length : 0, violation.limit)];
    case 'allOf': return [invalidValue(path, value, `${JSON.stringify(path)} must validate all the schemas (allOf)`)];
    case 'anyOf': return [invalidValue(path, value, `${JSON.stringify(path)} must validate at least one schema (anyOf)`)];
    case 'oneOf': return [invalidValue(path, value, `${JSON.stringify(path)} must validate one and only one schema (oneOf). ${violation.matched === 0 ? 'Found none valid' : `Found ${violation.matched} valid alternatives`}`)];
    case 'not': return [invalidValue(path, value, `${JSON.stringify(path)} must not validate the schema (not)`)];
  }
}
