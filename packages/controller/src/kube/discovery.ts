import { groupVersionPath } from './api-path';
import { isNotFound } from './kube-api-error';
import type { ApiResource } from './kube-api';
import type { Transport } from './transport';

/** What an API server serves, asked once per group version and remembered until someone asks to refresh. */
export class Discovery {
  private readonly transport: Transport;
  private readonly groups = new Map<string, Promise<ReadonlyMap<string, ApiResource>>>();

  constructor(transport: Transport) {
    this.transport = transport;
  }

  async find(apiVersion: string, kind: string, refresh = false): Promise<ApiResource | undefined> {
    if (refresh) {
      this.groups.delete(apiVersion);
    }
    let group = this.groups.get(apiVersion);
    if (!group) {
      group = this.load(apiVersion);
      this.groups.set(apiVersion, group);
      // A failure is not an answer: the next caller asks again.
      group.catch(() => this.groups.delete(apiVersion));
    }
    return (await group).get(kind);
  }

  private async load(apiVersion: string): Promise<ReadonlyMap<string, ApiResource>> {
    const kinds = new Map<string, ApiResource>();
    try {
      const answer = (await this.transport.json({ method: 'GET', path: groupVersionPath(apiVersion) })) as ApiResourceList;
      for (const { name, kind, namespaced } of answer.resources ?? []) {
        // `deployments/scale` and its like are subresources, some of them of another kind.
        if (!name.includes('/')) {
          kinds.set(kind, { apiVersion, kind, plural: name, namespaced });
        }
      }
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
    return kinds;
  }
}

interface ApiResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}
