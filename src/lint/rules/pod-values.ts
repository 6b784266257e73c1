import { didYouMean, type Probe } from '../../api';
import type { LintContext } from '../context';
import { rawService } from '../example';
import { listAt, mapAt, textAt } from '../read';
import type { Hit, Rule } from '../rule';

const HANDLERS = ['httpGet', 'tcpSocket', 'exec', 'grpc'] as const;
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const VOLUME_SOURCES = new Set([
  'emptyDir', 'hostPath', 'secret', 'configMap', 'persistentVolumeClaim', 'projected', 'downwardAPI', 'csi', 'nfs', 'ephemeral', 'image', 'iscsi', 'fc', 'cephfs', 'rbd', 'glusterfs', 'gitRepo',
  'awsElasticBlockStore', 'gcePersistentDisk', 'azureDisk', 'azureFile', 'cinder', 'flexVolume', 'flocker', 'photonPersistentDisk', 'portworxVolume', 'quobyte', 'scaleIO', 'storageos', 'vsphereVolume',
]);

/** Fields of the pod that schemas leave open and an API server does not, with the values that it takes. */
const WORDS = {
  restartPolicy: ['Always', 'OnFailure', 'Never'],
  dnsPolicy: ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
  preemptionPolicy: ['PreemptLowerPriority', 'Never'],
} as const;

function* badWords({ pods, services }: LintContext): Generator<Hit> {
  for (const { on, path, fields } of pods) {
    for (const [field, allowed] of Object.entries(WORDS)) yield* word(on, `${path}.${field}`, fields[field as keyof typeof WORDS], allowed);
    for (const [i, toleration] of (fields.tolerations ?? []).entries()) {
      const at = `${path}.tolerations[${i}]`;
      yield* word(on, `${at}.operator`, textAt(toleration, 'operator'), ['Exists', 'Equal', 'Lt', 'Gt']);
      yield* word(on, `${at}.effect`, textAt(toleration, 'effect'), ['NoSchedule', 'PreferNoSchedule', 'NoExecute', '']);
      if (textAt(toleration, 'operator') === 'Exists' && textAt(toleration, 'value')) yield { on, path: `${at}.value`, message: 'must be absent with operator Exists', hint: 'remove it, or use operator Equal' };
    }
    for (const [i, volume] of (fields.volumes ?? []).entries()) yield* volumeSource(on, `${path}.volumes[${i}]`, Object.keys(volume).filter((k) => k !== 'name'));
  }
  for (const { on, components } of services) {
    for (const { path, extension } of components) {
      yield* word(on, `${path}.deploymentStrategy.type`, textAt(extension.deploymentStrategy, 'type'), ['RollingUpdate', 'Recreate']);
    }
  }
}

function* word(on: Hit['on'], path: string, given: string | undefined, allowed: readonly string[]): Generator<Hit> {
  if (given === undefined || allowed.includes(given)) return;
  yield { on, path, message: `must be one of ${allowed.filter((a) => a !== '').join(', ')}, got "${given}"`, hint: didYouMean(given, allowed) };
}

function* volumeSource(on: Hit['on'], path: string, sources: readonly string[]): Generator<Hit> {
  for (const source of sources.filter((s) => !VOLUME_SOURCES.has(s))) {
    yield { on, path: `${path}.${source}`, message: `Kubernetes has no volume source "${source}"`, hint: didYouMean(source, VOLUME_SOURCES) };
  }
  if (sources.length > 1) yield { on, path, message: `has ${sources.length} sources (${sources.join(', ')}); exactly one is allowed`, hint: 'split it into several volumes' };
}

/** Probes are looked at in the whole pod, since a runtime's probe and a service's are laid over each other. */
function* badProbes({ pods }: LintContext): Generator<Hit> {
  for (const { on, path, containers, merged } of pods) {
    for (const { container, path: at } of containers) {
      for (const name of PROBES) {
        const own = container[name];
        if (!own) continue;
        const whole = listAt(merged?.containers).find((c) => textAt(c, 'name') === (container.name ?? 'kserve-container'));
        yield* handlers(on, `${at}.${name}`, whole ? (mapAt(whole, name) as Probe) : own, merged !== undefined || path.startsWith('spec.template'));
        if ((own.successThreshold ?? 1) > 1 && name !== 'readinessProbe') yield { on, path: `${at}.${name}.successThreshold`, message: `must be 1 for a ${name}, got ${own.successThreshold}` };
      }
    }
  }
}

function* handlers(on: Hit['on'], path: string, probe: Probe, isWhole: boolean): Generator<Hit> {
  const given = HANDLERS.filter((h) => probe[h] !== undefined);
  if (given.length > 1) yield { on, path, message: `says how to ask ${given.length} times (${given.join(', ')}); exactly one is allowed` };
  // The model server of a runtime gets a TCP probe by default, so only a whole pod can lack one.
  if (given.length === 0 && isWhole) yield { on, path, message: `does not say how to ask: one of ${HANDLERS.join(', ')} is needed` };
}

function custom(container: string, beside = ''): string {
  return rawService(`predictor:\n${beside}  containers:\n    - name: kserve-container\n      image: registry.example.com/server:1.0\n${container}`);
}

/** Values in a pod that neither the CRD nor the schema looks at. */
export const POD_VALUE_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_POD_VALUE', severity: 'error', title: 'Pod fields have values that Kubernetes takes',
    why: 'The CRD keeps pod parts as they are, so the API server first looks at them when the Deployment is created, and refuses it there.',
    bad: custom('', '  tolerations: [{ key: models, operator: Exist, effect: NoSchedule }]\n'), good: custom('', '  tolerations: [{ key: models, operator: Exists, effect: NoSchedule }]\n'), check: badWords,
  },
  {
    code: 'ISVC_LINT_PROBE', severity: 'error', title: 'A probe asks in exactly one way',
    why: 'The API server refuses a probe with two handlers, and one with none that nothing completes.',
    bad: custom('      readinessProbe: { httpGet: { path: /ready, port: 8080 }, tcpSocket: { port: 8080 } }\n'), good: custom('      readinessProbe: { httpGet: { path: /ready, port: 8080 } }\n'), check: badProbes,
  },
];
