import { ANNOTATION, CONTAINER, type Container, type PodSpec, type StringMap, type Volume, type VolumeMount } from '../../api';
import { mergeKeyed } from '../pod/merge';

/** Containers that read the model. */
const READERS: readonly string[] = [CONTAINER.server, CONTAINER.transformer, CONTAINER.worker];

/** Serving containers read the model; one that writes beside it says so by annotation. */
export function isReadOnly(annotations: StringMap): boolean {
  return annotations[ANNOTATION.storageReadonly] !== 'false';
}

/** Mounts a volume into every container that reads the model. */
export function mountInReaders(pod: PodSpec, mount: VolumeMount): PodSpec {
  return mapReaders(pod, (c) => ({ ...c, volumeMounts: mergeKeyed(c.volumeMounts, [mount], (m) => m.mountPath) ?? [mount] }));
}

export function mapReaders(pod: PodSpec, change: (container: Container) => Container): PodSpec {
  return { ...pod, containers: pod.containers.map((c) => (READERS.includes(c.name) ? change(c) : c)) };
}

export function withVolumes(pod: PodSpec, volumes: readonly Volume[]): PodSpec {
  if (volumes.length === 0) return pod;
  return { ...pod, volumes: mergeKeyed(pod.volumes, volumes, (v) => v.name) ?? volumes };
}

export function withInitContainer(pod: PodSpec, container: Container): PodSpec {
  const { initContainers = [], ...rest } = pod;
  return { ...rest, initContainers: [...initContainers, container] };
}
