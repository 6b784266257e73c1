import type { Container, EnvVar, KubeObject } from 'cdk8s-kserve/api';
import { rewritePaths, type PathMap } from './host-paths';
import type { Pod } from './pod';
import { objectContents, PodNotStartable } from './pod-files';
import { rewritePortVariable, type PortMap } from './ports';

export interface EnvironmentContext {
  readonly pod: Pod;
  /** Of the pod's node. */
  readonly address: string;
  /** @default - the node's */
  readonly podAddress?: string;
  readonly paths: PathMap;
  readonly ports: PortMap;
  readonly readObject: (kind: 'ConfigMap' | 'Secret', name: string) => Promise<KubeObject | undefined>;
}

type Reference = { readonly name?: string; readonly key?: string; readonly optional?: boolean };

/**
 * The variables that a container declares, with mount paths and ports moved to this machine's.
 *
 * @throws PodNotStartable when a ConfigMap, a Secret or a key is missing.
 */
export async function containerEnvironment(container: Container, context: EnvironmentContext): Promise<Readonly<Record<string, string>>> {
  const env: Record<string, string> = {};
  for (const source of container.envFrom ?? []) Object.assign(env, await variablesFrom(source, context));
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable, context, env);
    if (value !== undefined) env[variable.name] = value;
  }
  for (const [name, value] of Object.entries(env)) env[name] = rewritePortVariable(name, rewritePaths(value, context.paths), context.ports);
  return env;
}

/** `$(NAME)` becomes the value of a variable known so far; `$$(NAME)` is a literal. As the kubelet does in env and args. */
export function expandReferences(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string | undefined) => (name === undefined ? '$' : (env[name] ?? whole)));
}

async function variablesFrom(source: Readonly<Record<string, unknown>>, context: EnvironmentContext): Promise<Record<string, string>> {
  const kind = source['secretRef'] ? 'Secret' : 'ConfigMap';
  const reference = (source['secretRef'] ?? source['configMapRef'] ?? {}) as Reference;
  const object = await context.readObject(kind, reference.name ?? '');
  if (!object && reference.optional !== true) throw missing(`${kind} ${JSON.stringify(reference.name)} does not exist in namespace ${context.pod.metadata.namespace}`);
  const prefix = typeof source['prefix'] === 'string' ? source['prefix'] : '';
  return Object.fromEntries([...(object ? objectContents(object) : [])].map(([key, value]) => [prefix + key, value.toString('utf8')]));
}

async function valueOf(variable: EnvVar, context: EnvironmentContext, known: Readonly<Record<string, string>>): Promise<string | undefined> {
  const from = variable.valueFrom;
  if (!from) return expandReferences(variable.value ?? '', known);
  if (from['configMapKeyRef']) return keyOf('ConfigMap', from['configMapKeyRef'] as Reference, context);
  if (from['secretKeyRef']) return keyOf('Secret', from['secretKeyRef'] as Reference, context);
  if (from['fieldRef']) return fieldOf(String((from['fieldRef'] as { readonly fieldPath?: string }).fieldPath), context);
  throw missing(`env ${variable.name} takes its value from ${Object.keys(from).join(', ')}; local mode knows configMapKeyRef, secretKeyRef and fieldRef`);
}

async function keyOf(kind: 'ConfigMap' | 'Secret', reference: Reference, context: EnvironmentContext): Promise<string | undefined> {
  const object = await context.readObject(kind, reference.name ?? '');
  const value = object && objectContents(object).get(reference.key ?? '');
  if (value) return value.toString('utf8');
  if (reference.optional === true) return undefined;
  throw missing(object ? `${kind} ${reference.name} has no key ${JSON.stringify(reference.key)}` : `${kind} ${JSON.stringify(reference.name)} does not exist in namespace ${context.pod.metadata.namespace}`);
}

function fieldOf(path: string, { pod, address, podAddress = address }: EnvironmentContext): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? '';
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName ?? 'local',
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
    'status.podIP': podAddress,
    'status.hostIP': address,
  };
  if (!Object.hasOwn(fields, path)) throw missing(`fieldRef ${JSON.stringify(path)} is not known; local mode knows ${Object.keys(fields).join(', ')}, metadata.labels['...'] and metadata.annotations['...']`);
  return fields[path] ?? '';
}

function missing(message: string): PodNotStartable {
  return new PodNotStartable('CreateContainerConfigError', message);
}
