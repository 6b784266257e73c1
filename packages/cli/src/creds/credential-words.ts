import type { Container, KubeObject, PodSpec } from 'cdk8s-kserve/api';

/** What a fetching container is given, in words and without any value. */
export interface GivenCredentials {
  /** e.g. `secret store (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)`; `none` where nothing is given. */
  readonly text: string;
  /** What the folder does not hold, so that nobody can say what a pod would be given. */
  readonly missing: string | undefined;
}

/** Looks at names only: neither values nor their lengths are read. */
export function givenCredentials(container: Container, pod: PodSpec, namespace: string, objects: readonly KubeObject[]): GivenCredentials {
  const keys = new Map<string, string[]>();
  for (const { name, valueFrom } of container.env ?? []) {
    const secret = (valueFrom?.['secretKeyRef'] as { readonly name?: string } | undefined)?.name;
    if (secret !== undefined) keys.set(secret, [...(keys.get(secret) ?? []), name]);
  }
  const mounted = new Set((container.volumeMounts ?? []).map(({ name }) => name));
  for (const volume of pod.volumes ?? []) {
    const secret = (volume['secret'] as { readonly secretName?: string } | undefined)?.secretName;
    if (secret !== undefined && mounted.has(volume.name) && !keys.has(secret)) keys.set(secret, []);
  }
  const secrets = [...keys].map(([secret, names]) => `secret ${secret}${names.length > 0 ? ` (${names.join(', ')})` : ''}`);
  return { text: secrets.join(', ') || 'none', missing: secrets.length > 0 ? undefined : missingAccount(pod.serviceAccountName ?? 'default', namespace, objects) };
}

function missingAccount(name: string, namespace: string, objects: readonly KubeObject[]): string | undefined {
  const isIn = (kind: string, wanted: string): KubeObject | undefined => objects.find((o) => o.kind === kind && o.metadata.name === wanted && (o.metadata.namespace ?? 'default') === namespace);
  const account = isIn('ServiceAccount', name);
  if (!account) return `service account ${name}`;
  const listed = ((account['secrets'] ?? []) as readonly { readonly name?: string }[]).map((s) => s.name ?? '');
  const lacking = listed.filter((secret) => !isIn('Secret', secret));
  return lacking.length > 0 ? `secret ${lacking.join(', ')}` : undefined;
}
