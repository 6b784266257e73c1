import type { Pod } from './pod';

/** A network that the containers of one pod share, as pods of a cluster have it: an address of its own, every port free. */
export interface PodNetwork {
  /** IP address at which this machine reaches the pod. */
  readonly address: string;
  /** Words before those of a program that start it in this network. */
  readonly enter: readonly string[];
  /** Called once none of the pod's processes is left. */
  release(): Promise<void>;
}

/** Makes the network of a pod before its first process starts. What it throws is shown in the pod's status, and it is tried again. */
export type PodNetworks = (pod: Pod) => Promise<PodNetwork>;
