import type { JsonObject } from 'cdk8s-kserve/api';
import { stringAt } from '../json';
import { humanDuration } from './human-duration';
import { evaluateJsonPath } from './json-path';
import type { Column } from './column';

export function nameColumn(): Column {
  return { name: 'Name', type: 'string', format: 'name', description: 'Name must be unique within a namespace.', cell: (object) => object.metadata.name };
}

export function ageColumn(): Column {
  return { name: 'Age', type: 'string', description: 'Time since the object was created.', cell: (object, now) => age(object.metadata.creationTimestamp, now) };
}

export function column(name: string, cell: Column['cell'], options: { readonly type?: Column['type']; readonly wide?: boolean } = {}): Column {
  return { name, type: options.type ?? 'string', ...(options.wide ? { priority: 1 } : {}), cell };
}

/** One entry of a CRD's `additionalPrinterColumns`. */
export function jsonPathColumn(definition: JsonObject): Column {
  const type = (stringAt(definition, 'type') ?? 'string') as Column['type'];
  const path = stringAt(definition, 'jsonPath') ?? '';
  const format = stringAt(definition, 'format');
  const description = stringAt(definition, 'description');
  const priority = typeof definition['priority'] === 'number' ? definition['priority'] : 0;
  return {
    name: stringAt(definition, 'name') ?? '', type, priority,
    ...(format ? { format } : {}), ...(description ? { description } : {}),
    cell: (object, now) => cellOf(type, evaluateJsonPath(object, path), now),
  };
}

/** Age of a timestamp in the short form of kubectl. */
export function age(time: unknown, now: Date): string {
  if (typeof time !== 'string') return '<unknown>';
  const then = Date.parse(time);
  return Number.isNaN(then) ? '<invalid>' : humanDuration(now.getTime() - then);
}

/** Text for people out of any value; several are joined. */
export function textOf(value: unknown, none = '<none>'): string {
  if (value === undefined || value === null || value === '') return none;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function cellOf(type: Column['type'], found: readonly unknown[], now: Date): unknown {
  const [first] = found;
  if (first === undefined) return type === 'string' ? '' : null;
  if (type === 'date') return age(first, now);
  if (type === 'string') return found.map((value) => textOf(value, '')).join(',');
  return typeof first === type || (typeof first === 'number' && type === 'integer') ? first : null;
}

