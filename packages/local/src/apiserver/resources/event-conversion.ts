import type { KubeObject } from 'cdk8s-kserve/api';

/** The fields of an event that the two API groups spell differently: core first, events.k8s.io second. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

/** An event of the core group in the words of events.k8s.io. */
export function toEventsGroup(event: KubeObject): KubeObject {
  return renamed(event, new Map(SPELLINGS));
}

/** An event of events.k8s.io in the words of the core group. */
export function toCoreGroup(event: KubeObject): KubeObject {
  return renamed(event, new Map(SPELLINGS.map(([core, events]) => [events, core])));
}

function renamed(event: KubeObject, names: ReadonlyMap<string, string>): KubeObject {
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [names.get(name) ?? name, value])) as unknown as KubeObject;
}
