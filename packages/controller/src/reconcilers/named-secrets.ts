import { CONTAINER, type ComponentExtension, type Container, type InferenceService, type KubeObject, type PodSpec, type StringMap } from 'cdk8s-kserve/api';
import type { World } from 'cdk8s-kserve/render';

interface PodTemplate {
  readonly metadata?: { readonly annotations?: StringMap };
  readonly spec: PodSpec;
}

/**
 * The secrets whose keys decide how these pods are made: those of the accounts of pods that fetch a model or log to a
 * store, the one that an annotation names instead, and the namespace's storage secret where a `storage` block is used.
 * Render gave the pods without knowing any secret.
 */
export function namedSecrets(service: InferenceService, children: readonly KubeObject[], world: World): readonly string[] {
  const { storageSecretNameAnnotation, storageSpecSecretName } = world.config.credentials;
  const names = new Set<string>();
  for (const template of children.flatMap(templateOf)) {
    if (!fetches(template.spec)) {
      continue;
    }
    const override = template.metadata?.annotations?.[storageSecretNameAnnotation];
    const used = [template.spec.serviceAccountName ?? 'default', ...fieldsNamed('serviceAccountName', service.spec)];
    const accounts = world.serviceAccounts?.filter((a) => used.includes(a.name)) ?? [];
    (override === undefined ? accounts.flatMap((a) => a.secrets) : [override]).forEach((name) => names.add(name));
  }
  const annotated = [service.metadata.annotations, ...componentsOf(service).map((c) => c.annotations)].flatMap((a) => a?.[storageSecretNameAnnotation] ?? []);
  if (names.size > 0 || usesStorageBlock(service)) {
    annotated.forEach((name) => names.add(name));
  }
  if (usesStorageBlock(service)) {
    names.add(storageSpecSecretName);
  }
  return [...names].sort();
}

function templateOf(child: KubeObject): readonly PodTemplate[] {
  const { template } = (child['spec'] ?? {}) as { readonly template?: PodTemplate };
  return template?.spec?.containers ? [template] : [];
}

function fetches({ initContainers = [], containers }: PodSpec): boolean {
  const named = (list: readonly Container[], name: string): boolean => list.some((c) => c.name === name);
  return named(initContainers, CONTAINER.storageInitializer) || named(containers, CONTAINER.agent);
}

function componentsOf({ spec }: InferenceService): readonly ComponentExtension[] {
  return [spec.predictor, spec.transformer, spec.explainer].filter((c) => c !== undefined);
}

/** A `storage` block may stand in any model, explainer or logger of any version; where exactly does not matter here. */
function usesStorageBlock({ spec }: InferenceService): boolean {
  return fieldsNamed('storage', spec).some((value) => typeof value === 'object');
}

/** Values of every field of that name, at any depth: a logger may have an account of its own. */
function fieldsNamed(name: string, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, below]: [string, unknown]) => (key === name ? [below] : fieldsNamed(name, below)));
}
