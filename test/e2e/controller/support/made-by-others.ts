import type { KubeObject } from 'cdk8s-kserve/api';
import type { TestCluster } from './cluster';
import { condition, iris, irisRef, rawChildren } from './iris';

export interface MadeByOthersOptions {
  /** Whether the service controls its children; else they are orphans with its label. @default true */
  readonly owned?: boolean;
  /** @default - the plain iris service */
  readonly service?: KubeObject;
  /** Who the record of owned fields names. @default - this process */
  readonly manager?: string;
}

/** A service with children that our controller did not make. */
export async function madeByOthers(cluster: TestCluster, namespace: string, { owned = true, service = iris(namespace), manager }: MadeByOthersOptions = {}): Promise<void> {
  const { controller, api } = await cluster.controller({ namespaces: [namespace] });
  await cluster.api.create(service);
  await cluster.eventually(irisRef(namespace), 'has a status', (s) => condition(s, 'Ready') !== undefined);
  await cluster.quiet(controller, api);
  await cluster.stopControllers();
  for (const ref of rawChildren(namespace)) {
    const child = await cluster.eventually(ref, 'is there');
    await cluster.api.delete(ref);
    await cluster.gone(ref);
    const { managedFields = [] } = (await cluster.api.create(remade(child, owned))).metadata;
    if (manager) await cluster.api.mergePatch(ref, { metadata: { managedFields: (managedFields as readonly object[]).map((entry) => ({ ...entry, manager })) } });
  }
}

/** The child as another controller would have made it: the same content, no record of our applies. */
export function remade(child: KubeObject, owned: boolean): KubeObject {
  const { name, labels, annotations, ownerReferences } = child.metadata;
  return {
    ...child,
    status: undefined, // Not sent.
    metadata: { name, namespace: child.metadata.namespace ?? '', ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}), ...(owned && ownerReferences ? { ownerReferences } : {}) },
  };
}
