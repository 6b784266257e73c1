import { checkSchema, type ComponentRole, type Container, type KubeObject, type PodFields, type PodSpec, type WorkerSpec } from '../api';
import { containersSchema, podFields } from '../api/k8s/pod-schema';
import { obj } from '../api/schema/build';
import { isRuntime, isStorageContainer } from '../render';
import type { LintObject } from './lint-object';
import { mapAt } from './read';

/** A container with where it stands. */
export interface ContainerView {
  readonly path: string;
  readonly container: Partial<Container>;
  readonly init: boolean;
}

/** A pod as a manifest describes it, wholly or in part. */
export interface PodView {
  readonly on: LintObject;
  /** Field path of its pod fields. */
  readonly path: string;
  readonly fields: PodFields;
  readonly containers: readonly ContainerView[];
  /** What the whole pod will be, once runtime and defaults are merged in; undefined where that is not known. */
  readonly merged?: PodSpec | undefined;
  readonly role?: ComponentRole | 'worker';
}

const POD = obj({ ...podFields, containers: containersSchema });
const TEMPLATED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet', 'Job']);

/** Pods of an object that is not an InferenceService. */
export function podsOf(on: LintObject): readonly PodView[] {
  const { object } = on;
  if (isRuntime(object)) {
    const { workerSpec } = object.spec;
    return [podView(on, 'spec', object.spec), ...(workerSpec ? [workerView(on, 'spec.workerSpec', workerSpec)] : [])];
  }
  if (isStorageContainer(object)) return [{ on, path: 'spec', fields: {}, containers: [{ path: 'spec.container', container: object.spec.container, init: true }] }];
  return workloadPods(on, object);
}

function workloadPods(on: LintObject, object: KubeObject): readonly PodView[] {
  const template = (TEMPLATED.has(object.kind) && /^(apps|batch)\//.test(object.apiVersion)) || (object.kind === 'Service' && object.apiVersion.startsWith('serving.knative.dev/'));
  const isPod = object.kind === 'Pod' && object.apiVersion === 'v1';
  if (!template && !isPod) return [];
  const spec = isPod ? mapAt(object, 'spec') : mapAt(object, 'spec', 'template', 'spec');
  const path = isPod ? 'spec' : 'spec.template.spec';
  // A workload of somebody else's making is read only when its shape is what its kind says.
  if (checkSchema(POD, spec, path).some((p) => p.code !== 'ISVC_API_UNKNOWN_FIELD')) return [];
  const pod = spec as unknown as PodSpec;
  return [{ ...podView(on, path, pod), merged: pod }];
}

/** The pod of a spec that inlines pod fields. */
export function podView(on: LintObject, path: string, fields: PodFields & { readonly containers?: readonly Container[] }, server: readonly ContainerView[] = []): PodView {
  return {
    on, path, fields,
    containers: [
      ...server,
      ...(fields.containers ?? []).map((container, i) => ({ path: `${path}.containers[${i}]`, container, init: false })),
      ...(fields.initContainers ?? []).map((container, i) => ({ path: `${path}.initContainers[${i}]`, container, init: true })),
    ],
  };
}

export function workerView(on: LintObject, path: string, worker: WorkerSpec): PodView {
  return { ...podView(on, path, worker), role: 'worker' };
}
