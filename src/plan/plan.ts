import { objectKey, type KubeObject } from '../api';
import { restartOf } from './restart';
import { semanticDiff } from './semantic-diff';
import type { ChildChange, Plan, ResourceChildren, ResourcePlan } from './types';

/**
 * What has to happen to come from one set of resources to another: children added, changed and removed, and what that
 * restarts. Pure. A resource that cannot be rendered on the wanted side keeps its children.
 */
export function planResources(before: readonly ResourceChildren[], after: readonly ResourceChildren[]): Plan {
  const wanted = new Map(after.map((r) => [keyOf(r), r]));
  const present = new Map(before.map((r) => [keyOf(r), r]));
  const resources = [...new Set([...wanted.keys(), ...present.keys()])].sort().map((key) => planResource(present.get(key), wanted.get(key)));
  const changes = resources.flatMap((s) => s.changes);
  const count = (action: ChildChange['action']): number => changes.filter((c) => c.action === action).length;
  return {
    resources,
    summary: { added: count('add'), changed: count('change'), removed: count('remove'), restartedPods: changes.reduce((sum, c) => sum + (c.restart?.pods ?? 0), 0) },
  };
}

function planResource(before: ResourceChildren | undefined, after: ResourceChildren | undefined): ResourcePlan {
  const { kind = 'InferenceService', namespace = '', name = '', mode = '' } = after ?? before ?? {};
  const failed = after?.problems.some((p) => p.severity === 'error') ?? false;
  const changes = failed ? [] : planChildren(before?.children ?? [], after?.children ?? []);
  return { kind, namespace, name, mode, changes, decisions: after?.decisions ?? [], problems: after?.problems ?? [] };
}

/** Changes between two lists of children, wanted order first, removals last. */
export function planChildren(before: readonly KubeObject[], after: readonly KubeObject[]): readonly ChildChange[] {
  const present = new Map(before.map((c) => [identity(c), c]));
  const wanted = new Set(after.map(identity));
  const changes = after.flatMap((child): ChildChange[] => {
    const old = present.get(identity(child));
    if (!old) return [{ action: 'add', ...namesOf(child), fields: [] }];
    const fields = semanticDiff(withoutServerFields(old), withoutServerFields(child));
    if (fields.length === 0) return [];
    const restart = restartOf(old, child, fields, before);
    return [{ action: 'change', ...namesOf(child), fields, ...(restart ? { restart } : {}) }];
  });
  const removed = before.filter((c) => !wanted.has(identity(c))).map((child): ChildChange => ({ action: 'remove', ...namesOf(child), fields: [] }));
  return [...changes, ...removed];
}

function keyOf(resource: ResourceChildren): string {
  return `${resource.kind} ${objectKey(resource)}`;
}

function namesOf(object: KubeObject): Pick<ChildChange, 'apiVersion' | 'kind' | 'namespace' | 'name'> {
  const { namespace, name } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, name, ...(namespace ? { namespace } : {}) };
}

function identity(object: KubeObject): string {
  return `${object.apiVersion}/${object.kind}/${objectKey(object.metadata)}`;
}

/** An object without what only the server or the controller writes. */
function withoutServerFields(object: KubeObject): object {
  const { status: _status, metadata, ...rest } = object;
  const { name, namespace, labels, annotations } = metadata;
  return { ...rest, metadata: { name, namespace, labels, annotations } };
}
