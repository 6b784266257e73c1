import type { EnvVar, Volume, VolumeMount } from '../../../api';
import type { Decision } from '../../types';

/** How a container gets at a storage server: references to secrets, never their content. */
export interface Credentials {
  readonly env: readonly EnvVar[];
  readonly mounts: readonly VolumeMount[];
  readonly volumes: readonly Volume[];
  readonly decisions: readonly Decision[];
}

export const NO_CREDENTIALS: Credentials = { env: [], mounts: [], volumes: [], decisions: [] };

/** Joins credentials; of two variables or volumes of one name, the later counts. */
export function joinCredentials(parts: readonly Credentials[]): Credentials {
  const last = <T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] => [...new Map(items.map((item) => [keyOf(item), item])).values()];
  return {
    env: last(parts.flatMap((p) => p.env), (e) => e.name),
    mounts: last(parts.flatMap((p) => p.mounts), (m) => m.mountPath),
    volumes: last(parts.flatMap((p) => p.volumes), (v) => v.name),
    decisions: parts.flatMap((p) => p.decisions),
  };
}

/** A variable whose value is one key of a secret. */
export function fromSecret(name: string, secret: string, key: string): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
