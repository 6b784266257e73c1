import { arch, cpus, platform, release, totalmem } from 'node:os';
import { isConflict, type KubeApi } from 'cdk8s-kserve-controller';
import type { KubeObject } from 'cdk8s-kserve/api';
import { timestamp } from './timestamp';

export const NODE_NAME = 'local';

/** Tells the API server about this machine, so that `kubectl get nodes` and `describe pod` have something to show. */
export async function registerNode(api: KubeApi, address: string, now: number): Promise<void> {
  const labels = { 'kubernetes.io/hostname': NODE_NAME, 'kubernetes.io/os': platform(), 'kubernetes.io/arch': arch() };
  const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE_NAME, labels }, spec: {} };
  try {
    const created = await api.create(node);
    await api.replaceStatus({ ...created, status: nodeStatus(address, now) });
  } catch (error) {
    // A node of an earlier run is as good.
    if (!isConflict(error)) throw error;
  }
}

function nodeStatus(address: string, now: number): object {
  const capacity = { cpu: String(cpus().length), memory: `${Math.floor(totalmem() / 1024)}Ki`, pods: '1000' };
  const time = timestamp(now);
  return {
    capacity,
    allocatable: capacity,
    addresses: [{ type: 'InternalIP', address }, { type: 'Hostname', address: NODE_NAME }],
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'pods run as processes of this machine', lastHeartbeatTime: time, lastTransitionTime: time }],
    nodeInfo: {
      machineID: '', systemUUID: '', bootID: '', kernelVersion: release(), osImage: platform(), containerRuntimeVersion: `process://node-${process.versions.node}`,
      kubeletVersion: 'cdk8s-kserve', kubeProxyVersion: '', operatingSystem: platform(), architecture: arch(),
    },
  };
}
