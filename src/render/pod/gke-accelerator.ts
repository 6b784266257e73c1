import { ANNOTATION, type PodSpec, type StringMap } from '../../api';

const NODE_LABEL = 'cloud.google.com/gke-accelerator';
const GPU = 'nvidia.com/gpu';

/** Sends a pod that asks for a GPU to nodes with the model of GPU that an annotation names. */
export function withGkeAccelerator(pod: PodSpec, annotations: StringMap): PodSpec {
  const accelerator = annotations[ANNOTATION.gkeAccelerator];
  if (accelerator === undefined || !pod.containers.some((c) => c.resources?.limits?.[GPU] !== undefined)) return pod;
  return { ...pod, nodeSelector: { ...pod.nodeSelector, [NODE_LABEL]: accelerator } };
}
