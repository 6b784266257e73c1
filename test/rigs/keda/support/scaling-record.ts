import type { ObjectRef } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';
import { repeat } from '../../support/repeat';
import type { Prometheus } from './prometheus';

interface Scaled {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** Seconds, the metric and the replicas, a line for each change of the replicas. */
export interface ScalingRecord {
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

export function recordScaling(api: KubeApi, prometheus: Prometheus, deployment: ObjectRef, query: string): ScalingRecord {
  const lines: string[] = [];
  const began = Date.now();
  let last = '';
  const look = async (): Promise<void> => {
    const { spec, status } = ((await api.get(deployment)) ?? {}) as Scaled;
    const replicas = `${spec?.replicas ?? 0} replicas, ${status?.readyReplicas ?? 0} ready`;
    if (replicas === last) return;
    last = replicas;
    const metric = await prometheus.ask(query);
    lines.push(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s ${(metric?.toFixed(1) ?? '-').padStart(6)} requests/s ${replicas}`);
  };
  const loop = repeat(look, 200);
  return {
    lines,
    stop: async () => {
      await loop.stop();
      await look();
    },
  };
}
