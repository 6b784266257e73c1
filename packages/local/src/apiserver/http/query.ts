import type { KubeObject } from 'cdk8s-kserve/api';
import type { ServedResource } from '../resources/served-resource';
import { inVersion } from '../resources/stored-form';
import { parseFieldSelector } from '../selectors/field-selector';
import { parseLabelSelector } from '../selectors/label-selector';
import { badRequest } from '../status-error';
import type { FieldValidation } from '../write/write-options';

/** Go's notion of a boolean in a query string. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && !['false', '0', 'f', 'F', 'FALSE', 'False'].includes(value);
}

/** @throws StatusError 400 for what is not a whole number >= 0 */
export function count(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^\d{1,15}$/.test(value)) throw badRequest(`unable to decode query parameter ${name}: ${JSON.stringify(value)} is not a whole number`);
  return Number(value);
}

/** The version a read or watch refers to. @throws StatusError 400 */
export function resourceVersionOf(query: URLSearchParams): number | undefined {
  const value = query.get('resourceVersion');
  if (value === null || value === '') return undefined;
  if (!/^\d{1,15}$/.test(value)) throw badRequest(`Invalid value for resourceVersion: ${JSON.stringify(value)}`);
  return Number(value);
}

export function dryRunOf(query: URLSearchParams): boolean {
  const values = query.getAll('dryRun').filter((value) => value !== '');
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined) throw badRequest(`invalid dryRun value ${JSON.stringify(wrong)}: supported values: "All"`);
  return values.length > 0;
}

export function fieldValidationOf(query: URLSearchParams): FieldValidation {
  const value = query.get('fieldValidation') ?? '';
  if (value === '') return 'Warn';
  if (value === 'Ignore' || value === 'Warn' || value === 'Strict') return value;
  throw badRequest(`invalid fieldValidation value ${JSON.stringify(value)}: supported values: "Ignore", "Strict", "Warn"`);
}

/** Whether a stored object is in the view that a list, watch or collection deletion asks for. */
export function viewOf(resource: ServedResource, query: URLSearchParams, namespace: string | undefined, name?: string): (object: KubeObject) => boolean {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(resource, query.get('fieldSelector') ?? '');
  return (stored) => (namespace === undefined || stored.metadata.namespace === namespace)
    && (name === undefined || stored.metadata.name === name)
    && labels(stored.metadata.labels) && fields(inVersion(resource, stored));
}
