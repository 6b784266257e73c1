import { CLUSTER_RULES, OWN_NAMESPACE_RULES, SERVICE_RULES, type KubeObject, type PolicyRule } from '../../api';

const RBAC = 'rbac.authorization.k8s.io';

export interface AccessOptions {
  readonly name: string;
  readonly namespace: string;
  /** Undefined for all. */
  readonly namespaces: readonly string[] | undefined;
}

/**
 * The account and no more than it needs: services' rules everywhere or in the tenant's namespaces, cluster-wide runtimes
 * to read, config and lease in its own namespace.
 */
export function accessObjects({ name, namespace, namespaces }: AccessOptions): readonly KubeObject[] {
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const pair = (kind: 'ClusterRole' | 'Role', metadata: KubeObject['metadata'], rules: readonly PolicyRule[]): KubeObject[] => [
    { apiVersion: `${RBAC}/v1`, kind, metadata, rules },
    { apiVersion: `${RBAC}/v1`, kind: `${kind}Binding`, metadata, roleRef: { apiGroup: RBAC, kind, name: metadata.name }, subjects },
  ];
  // What has no namespace is the cluster's, so two tenants' controllers must not share the names.
  const clusterName = namespaces ? `${namespace}-${name}` : name;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    ...pair('ClusterRole', { name: clusterName }, namespaces ? CLUSTER_RULES : [...CLUSTER_RULES, ...SERVICE_RULES]),
    ...(namespaces ?? []).flatMap((tenant) => pair('Role', { name, namespace: tenant }, SERVICE_RULES)),
    ...pair('Role', { name: `${name}-own`, namespace }, OWN_NAMESPACE_RULES),
  ];
}
