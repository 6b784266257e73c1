import { isJsonObject, type KubeObject } from 'cdk8s-kserve/api';
import { stringAt } from '../json';
import { type FieldSet, fromFieldsV1, isEmpty, toFieldsV1 } from './field-set';

/** Who wrote, and how: the identity of one entry of managedFields. */
export interface WriterId {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
}

export interface Writer {
  readonly id: WriterId;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Writers by `keyOf(id)`, in the order of managedFields. */
export type Writers = ReadonlyMap<string, Writer>;

export function keyOf(id: WriterId): string {
  return JSON.stringify([id.manager, id.operation, id.apiVersion, id.subresource]);
}

export function readWriters(object: KubeObject | undefined): Writers {
  const writers = new Map<string, Writer>();
  for (const entry of object?.metadata.managedFields ?? []) {
    if (!isJsonObject(entry)) continue;
    const id: WriterId = {
      manager: stringAt(entry, 'manager') ?? '',
      operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
      apiVersion: stringAt(entry, 'apiVersion') ?? object?.apiVersion ?? '',
      subresource: stringAt(entry, 'subresource') ?? '',
    };
    writers.set(keyOf(id), { id, time: stringAt(entry, 'time'), fields: fromFieldsV1(entry['fieldsV1']) });
  }
  return writers;
}

/** The entries in Kubernetes' order: applies first, then by time, then by name. */
export function writeWriters(writers: Writers): readonly object[] {
  return [...writers.values()]
    .filter((writer) => !isEmpty(writer.fields))
    .sort((a, b) => compareText(a.id.operation, b.id.operation) || compareText(a.time ?? '', b.time ?? '') || compareText(a.id.manager, b.id.manager)
      || compareText(a.id.apiVersion, b.id.apiVersion) || compareText(a.id.subresource, b.id.subresource))
    .map(({ id, time, fields }) => ({
      manager: id.manager,
      operation: id.operation,
      apiVersion: id.apiVersion,
      ...(time ? { time } : {}),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(id.subresource ? { subresource: id.subresource } : {}),
    }));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
