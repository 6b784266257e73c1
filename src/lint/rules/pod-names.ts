import type { Container } from '../../api';
import type { ContainerView, PodView } from '../pods';
import { rawService } from '../example';
import { keyPath, listAt, mapAt, textAt } from '../read';
import type { LintContext } from '../context';
import type { Hit, Rule } from '../rule';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** What the API server has allowed since environment names were relaxed, without what no program can read. */
const ENV = /^[^=\s]+$/;
const PORT = /^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const LABEL_WORDS = 'must be at most 63 lower case letters, digits or "-"';

function* badNames(context: LintContext): Generator<Hit> {
  for (const pod of context.pods) {
    for (const view of pod.containers) yield* containerNames(pod, view);
    for (const [index, volume] of (pod.fields.volumes ?? []).entries()) {
      if (!DNS_LABEL.test(volume.name)) yield { on: pod.on, path: `${pod.path}.volumes[${index}].name`, message: `${LABEL_WORDS}, got "${volume.name}"` };
    }
    yield* badLabels(pod.on, `${pod.path}.nodeSelector`, pod.fields.nodeSelector ?? {}, true);
  }
  for (const on of context.objects) {
    const { namespace, name, labels, annotations } = on.object.metadata;
    if (typeof namespace === 'string' && !DNS_LABEL.test(namespace)) yield { on, path: 'metadata.namespace', message: `${LABEL_WORDS}, got "${namespace}"` };
    if (ourOwn(on.object.apiVersion) && on.object.kind !== 'InferenceService' && !(DNS_SUBDOMAIN.test(name) && name.length <= 253)) {
      yield { on, path: 'metadata.name', message: `must be lower case letters, digits, "-" or ".", got "${name}"` };
    }
    yield* badLabels(on, 'metadata.labels', mapAt(labels), true);
    yield* badLabels(on, 'metadata.annotations', mapAt(annotations), false);
  }
  for (const { components, on } of context.services) {
    for (const { path, extension } of components) {
      yield* badLabels(on, `${path}.labels`, extension.labels ?? {}, true);
      yield* badLabels(on, `${path}.annotations`, extension.annotations ?? {}, false);
    }
  }
}

function ourOwn(apiVersion: string): boolean {
  return apiVersion.startsWith('serving.kserve.io/');
}

function* containerNames({ on }: PodView, { container, path }: ContainerView): Generator<Hit> {
  const { name, env = [], ports = [] } = container;
  // Defaulting names the first container of a component; nobody names the others.
  const unnamed = name === undefined && /ontainers\[\d+\]$/.test(path) && (!path.endsWith('[0]') || !on.object.kind.startsWith('Inference'));
  if (unnamed) yield { on, path: `${path}.name`, message: 'is missing: only the first container of a component gets a name by itself' };
  // KServe's webhook stores an empty name where a component is no list of containers; nothing is called by it.
  const stored = name === '' && !path.endsWith(']');
  if (name !== undefined && !stored && !DNS_LABEL.test(name)) yield { on, path: `${path}.name`, message: `${LABEL_WORDS}, got "${name}"` };
  for (const [index, entry] of env.entries()) {
    if (!ENV.test(entry.name)) yield { on, path: `${path}.env[${index}].name`, message: `must be a name without "=" or white space, got "${entry.name}"` };
  }
  for (const [index, port] of ports.entries()) {
    if (port.name !== undefined && !PORT.test(port.name)) {
      yield { on, path: `${path}.ports[${index}].name`, message: `must be at most 15 lower case letters, digits or "-" with a letter among them, got "${port.name}"` };
    }
  }
}

function* badLabels(on: Hit['on'], path: string, map: Readonly<Record<string, unknown>>, valuesToo: boolean): Generator<Hit> {
  for (const [key, value] of Object.entries(map)) {
    if (!KEY.test(key)) yield { on, path: keyPath(path, key), message: `key must be "prefix/name" or "name" of letters, digits, "-", "_" or ".", got "${key}"` };
    if (valuesToo && typeof value === 'string' && !LABEL_VALUE.test(value)) {
      yield { on, path: keyPath(path, key), message: `must be at most 63 letters, digits, "-", "_" or ".", got ${JSON.stringify(value)}` };
    }
  }
}

function* repeatedNames({ pods }: LintContext): Generator<Hit> {
  for (const pod of pods) {
    const named = pod.containers.filter((c) => c.container.name !== undefined);
    yield* repeats(pod, named.map((c) => [`${c.path}.name`, c.container.name ?? '']), 'container');
    yield* repeats(pod, (pod.fields.volumes ?? []).map((v, i) => [`${pod.path}.volumes[${i}].name`, v.name]), 'volume');
    for (const { container, path } of pod.containers) {
      yield* repeats(pod, (container.env ?? []).map((e, i) => [`${path}.env[${i}].name`, e.name]), 'variable');
      yield* repeats(pod, (container.volumeMounts ?? []).map((m, i) => [`${path}.volumeMounts[${i}].mountPath`, m.mountPath]), 'mount path');
      yield* repeats(pod, portKeys(container).map((key, i) => [`${path}.ports[${i}].containerPort`, key]), 'port');
    }
  }
}

function portKeys(container: Partial<Container>): readonly string[] {
  return (container.ports ?? []).map((p) => `${p.containerPort}/${p.protocol ?? 'TCP'}`);
}

function* repeats({ on }: PodView, entries: readonly (readonly [string, string])[], what: string): Generator<Hit> {
  const seen = new Set<string>();
  for (const [path, name] of entries) {
    if (seen.has(name)) yield { on, path, message: `repeats the ${what} ${name}`, hint: 'remove or rename one of them' };
    seen.add(name);
  }
}

/** A mount without its volume, looked for in the whole pod: a runtime or the storage may bring the volume. */
function* missingVolumes({ pods }: LintContext): Generator<Hit> {
  for (const pod of pods) {
    const runtime = pod.on.object.kind.endsWith('Runtime');
    if (!pod.merged && !runtime) continue;
    const volumes = new Set(listAt(pod.merged?.volumes ?? pod.fields.volumes).map((v) => textAt(v, 'name')));
    for (const { container, path } of pod.containers) {
      for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
        if (volumes.has(mount.name)) continue;
        // A service that uses the runtime may bring the volume.
        yield { on: pod.on, path: `${path}.volumeMounts[${index}].name`, ...(runtime ? { severity: 'warning' as const } : {}), message: `no volume is called "${mount.name}"; there are ${[...volumes].join(', ') || 'none'}`, hint: `add it to ${pod.path}.volumes` };
      }
    }
  }
}

function custom(container: string, beside = ''): string {
  return rawService(`predictor:\n${beside}  containers:\n    - name: kserve-container\n      image: registry.example.com/server:1.0\n${container}`);
}

/** Names inside of pods, which only the API server would otherwise refuse. */
export const POD_NAME_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_NAME', severity: 'error', title: 'Names and labels are well-formed',
    why: 'The API server refuses names of containers, ports, volumes and labels that are not what DNS and label selectors can hold; the service then has no pods, and only an event says so.',
    bad: custom('      ports: [{ name: HTTP_predict, containerPort: 8080 }]'), good: custom('      ports: [{ name: http-predict, containerPort: 8080 }]'), check: badNames,
  },
  {
    code: 'ISVC_LINT_REPEATED_NAME', severity: 'error', title: 'Names in a pod are unique',
    why: 'Two containers, volumes, ports or mount paths of one name are refused; of two variables of one name the last counts without a word.',
    bad: custom('      env: [{ name: LEVEL, value: info }, { name: LEVEL, value: debug }]'), good: custom('      env: [{ name: LEVEL, value: debug }]'), check: repeatedNames,
  },
  {
    code: 'ISVC_LINT_VOLUME_MISSING', severity: 'error', title: 'What is mounted exists',
    why: 'The API server refuses a pod template whose container mounts a volume that the pod has not.',
    bad: custom('      volumeMounts: [{ name: cache, mountPath: /cache }]'), good: custom('      volumeMounts: [{ name: cache, mountPath: /cache }]', '  volumes: [{ name: cache, emptyDir: {} }]\n'), check: missingVolumes,
  },
];
