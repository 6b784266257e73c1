import type { ServedResource } from './served-resource';

/** All resources that the server serves at the moment. CRDs add to it and take from it. */
export class ResourceRegistry {
  private readonly resources = new Map<string, ServedResource>();

  add(resource: ServedResource): void {
    this.resources.set(keyOf(resource.group, resource.version, resource.plural), resource);
  }

  /** Takes away every version of a resource. */
  remove(group: string, plural: string): void {
    for (const [key, resource] of this.resources) {
      if (resource.group === group && resource.plural === plural) this.resources.delete(key);
    }
  }

  find(group: string, version: string, plural: string): ServedResource | undefined {
    return this.resources.get(keyOf(group, version, plural));
  }

  /** The resource that serves a kind. */
  findKind(apiVersion: string, kind: string): ServedResource | undefined {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    return this.all().find((r) => r.group === group && r.version === version && r.kind === kind);
  }

  /** Some version of a resource, for work that does not depend on the version. */
  anyVersion(group: string, plural: string): ServedResource | undefined {
    return this.all().find((r) => r.group === group && r.plural === plural);
  }

  all(): readonly ServedResource[] {
    return [...this.resources.values()];
  }
}

function keyOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}
