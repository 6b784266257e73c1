import type { KubeObject } from 'cdk8s-kserve/api';
import { numberAt, stringAt, valueAt } from '../json';
import { age, column, textOf } from './cells';
import type { Column } from './column';

/** Events are told by what they say; their names, which nobody chose, come last. @param asCore spells an event as the core group does */
export function eventColumns(asCore: (event: KubeObject) => KubeObject = (event) => event): readonly Column[] {
  const cell = (read: (event: KubeObject, now: Date) => unknown): Column['cell'] => (event, now) => read(asCore(event), now);
  return [
    column('Last Seen', cell((o, now) => age(valueAt(o, 'series', 'lastObservedTime') ?? o['lastTimestamp'] ?? o['eventTime'] ?? o['firstTimestamp'] ?? o.metadata.creationTimestamp, now))),
    column('Type', cell((o) => textOf(o['type'], ''))),
    column('Reason', cell((o) => textOf(o['reason'], ''))),
    column('Object', cell((o) => `${(stringAt(o, 'involvedObject', 'kind') ?? '').toLowerCase()}/${stringAt(o, 'involvedObject', 'name') ?? ''}`)),
    column('Subobject', cell((o) => stringAt(o, 'involvedObject', 'fieldPath') ?? ''), { wide: true }),
    column('Source', cell(source), { wide: true }),
    column('Message', cell((o) => textOf(o['message'], '').trim())),
    column('First Seen', cell((o, now) => age(o['firstTimestamp'] ?? o['eventTime'] ?? o.metadata.creationTimestamp, now)), { wide: true }),
    column('Count', cell((o) => numberAt(o, 'series', 'count') ?? numberAt(o, 'count') ?? 1), { type: 'integer', wide: true }),
    { ...column('Name', (o) => o.metadata.name, { wide: true }), format: 'name' },
  ];
}

function source(event: KubeObject): string {
  const component = stringAt(event, 'source', 'component') ?? stringAt(event, 'reportingComponent') ?? '';
  const host = stringAt(event, 'source', 'host');
  return host ? `${component}, ${host}` : component;
}
