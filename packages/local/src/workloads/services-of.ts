import type { KubeObject } from 'cdk8s-kserve/api';
import type { InformerSet } from '../reconciling/informer-set';
import type { Service } from './endpoints';
import { matchesSelector } from './types';

/** Keys of the Services that select a pod. */
export function servicesOf(informers: InformerSet): (pod: KubeObject) => readonly string[] {
  return (pod) => informers.keysBeside<Service>('Service', pod, (service) => matchesSelector(pod.metadata.labels, service.spec.selector));
}
