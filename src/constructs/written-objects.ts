import { ApiObject, Lazy, type ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubeObject } from '../api';
import { apiObjectProps } from './api-object-props';

/**
 * The objects that a construct writes. Their content may still change until synthesis (a canary is added to a service),
 * while the `ApiObject`s stay the same ones: patches put on them before and after the change both hold.
 */
export class WrittenObjects {
  private readonly scope: Construct;
  private readonly content = new Map<string, KubeObject>();
  private readonly objects = new Map<string, ApiObject>();

  constructor(scope: Construct) {
    this.scope = scope;
  }

  /** In the order in which they were first written. */
  get all(): readonly ApiObject[] {
    return [...this.objects.values()];
  }

  /** @param objects by construct id, in the order of apply. */
  write(objects: ReadonlyMap<string, KubeObject>): void {
    for (const id of [...this.content.keys()]) if (!objects.has(id)) this.remove(id);
    for (const [id, object] of objects) {
      this.content.set(id, object);
      const present = this.objects.get(id);
      if (present) updateMetadata(present, object);
      else this.objects.set(id, new ApiObject(this.scope, id, this.lazyProps(id, object)));
    }
  }

  private remove(id: string): void {
    this.content.delete(id);
    this.objects.delete(id);
    this.scope.node.tryRemoveChild(id);
  }

  private lazyProps(id: string, object: KubeObject): ApiObjectProps {
    const { apiVersion, kind, metadata, ...body } = object;
    const fields = Object.keys(body).map((field) => [field, Lazy.any({ produce: () => this.content.get(id)?.[field] })]);
    return apiObjectProps({ apiVersion, kind, metadata, ...Object.fromEntries(fields) });
  }
}

function updateMetadata(present: ApiObject, { metadata }: KubeObject): void {
  for (const [key, value] of Object.entries(metadata.labels ?? {})) present.metadata.addLabel(key, value);
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) present.metadata.addAnnotation(key, value);
}

/** Ids of children in expand output. */
export function byKindAndName(children: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  return new Map(children.map((child) => [`${child.kind}-${child.metadata.name}`, child]));
}
