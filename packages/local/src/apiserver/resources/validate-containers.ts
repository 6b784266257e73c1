import { isJsonObject, parseQuantity } from 'cdk8s-kserve/api';
import { type FieldError, duplicate, fieldForbidden, invalidValue, required } from '../field-error';
import { arrayAt, objectAt, stringAt, valueAt } from '../json';

// What a real API server refuses in containers beyond what schemas say, in its words; `test/e2e/controller/pod-validation.test.ts` holds both to it.

/** Resources that may be promised to more pods than there is of them. */
const OVERCOMMITTABLE = ['cpu', 'memory', 'ephemeral-storage'];
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

/** @param at path of the container, e.g. `spec.containers[0]` */
export function containerErrors(container: unknown, at: string): readonly FieldError[] {
  return [
    ...portErrors(container, at),
    ...resourceErrors(objectAt(container, 'resources'), `${at}.resources`),
    ...mountErrors(container, at),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => probeErrors(objectAt(container, name), `${at}.${name}`, name !== 'readinessProbe')),
  ];
}

function portErrors(container: unknown, at: string): FieldError[] {
  const seen = new Set<string>();
  return arrayAt(container, 'ports').flatMap((port, i) => {
    const name = stringAt(port, 'name') ?? '';
    const again = name !== '' && seen.has(name);
    seen.add(name);
    return again ? [duplicate(`${at}.ports[${i}].name`, name)] : [];
  });
}

function resourceErrors(resources: unknown, at: string): FieldError[] {
  const [limits, requests] = [objectAt(resources, 'limits') ?? {}, objectAt(resources, 'requests') ?? {}];
  return [
    ...Object.entries(limits).flatMap(([name, value]) => amountErrors(name, value, `${at}.limits[${name}]`)),
    ...Object.entries(requests).flatMap(([name, value]) => [...amountErrors(name, value, `${at}.requests[${name}]`), ...requestErrors(name, value, limits[name], at)]),
  ];
}

function amountErrors(name: string, value: unknown, at: string): FieldError[] {
  const amount = amountOf(value);
  if (amount === undefined) return [];
  if (amount < 0) return [invalidValue(at, String(value), 'must be greater than or equal to 0')];
  return name.includes('/') && !Number.isInteger(amount) ? [invalidValue(at, `${Math.ceil(amount * 1000)}m`, 'must be an integer')] : [];
}

function requestErrors(name: string, request: unknown, limit: unknown, at: string): FieldError[] {
  const [wanted, allowed] = [amountOf(request), amountOf(limit)];
  const shared = OVERCOMMITTABLE.includes(name);
  if (allowed === undefined) return shared ? [] : [required(`${at}.limits`, 'Limit must be set for non overcommitable resources')];
  if (wanted === undefined) return [];
  if (!shared && wanted !== allowed) return [invalidValue(`${at}.requests`, String(request), `must be equal to ${name} limit of ${String(limit)}`)];
  return wanted > allowed ? [invalidValue(`${at}.requests`, String(request), `must be less than or equal to ${name} limit of ${String(limit)}`)] : [];
}

function amountOf(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}

function mountErrors(container: unknown, at: string): FieldError[] {
  return arrayAt(container, 'volumeMounts').flatMap((mount) => {
    const subPath = stringAt(mount, 'subPath') ?? '';
    // The server itself leaves the index out here.
    return subPath.split('/').includes('..') ? [invalidValue(`${at}.volumeMounts.subPath`, subPath, "must not contain '..'")] : [];
  });
}

function probeErrors(probe: unknown, at: string, onlyOnce: boolean): FieldError[] {
  if (!isJsonObject(probe)) return [];
  const [first, ...further] = HANDLERS.filter((handler) => probe[handler] !== undefined);
  const successes = valueAt(probe, 'successThreshold');
  return [
    ...further.map((handler) => fieldForbidden(`${at}.${handler}`, 'may not specify more than 1 handler type')),
    ...(first ? [] : [required(at, 'must specify a handler type')]),
    ...(onlyOnce && typeof successes === 'number' && successes > 1 ? [invalidValue(`${at}.successThreshold`, successes, 'must be 1')] : []),
  ];
}
