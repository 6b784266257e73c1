import { KEDA_API, LABEL, type KubeObject, type PlatformConfig } from '../../../api';
import type { Component } from '../../component';
import { unlessEmpty } from '../../metadata';
import { appLabel } from '../../names';
import type { Scaler } from './scaler';
import { kedaTriggers } from './keda-triggers';
import { renderCollector } from './otel-collector';

/** The KEDA ScaledObject of a raw component, and the collector that its metrics come through where they need one. */
export function renderScaledObject(component: Component, config: PlatformConfig, because: string): Scaler {
  const { name, namespace, metadata, extension } = component;
  const minReplicaCount = extension.minReplicas ?? 1;
  const maxReplicaCount = Math.max(extension.maxReplicas ?? 0, minReplicaCount, 1);
  const triggers = kedaTriggers(component, config);
  const object: KubeObject = {
    apiVersion: KEDA_API,
    kind: 'ScaledObject',
    metadata: { name, namespace, labels: { ...metadata.labels, [LABEL.app]: appLabel(name) }, ...unlessEmpty('annotations', metadata.annotations) },
    spec: {
      scaleTargetRef: { name },
      minReplicaCount,
      maxReplicaCount,
      advanced: { horizontalPodAutoscalerConfig: { behavior: behaviorOf(component, config) } },
      triggers,
    },
  };
  const collector = renderCollector(component, config);
  return {
    objects: [...(collector ? [collector] : []), object],
    decision: { topic: 'autoscaling', choice: `KEDA from ${minReplicaCount} to ${maxReplicaCount} replicas on ${triggers.map((t) => t.type).join(', ')}`, because },
  };
}

/** What the service says of its behavior, with the platform's windows where it is silent. */
function behaviorOf({ extension }: Component, config: PlatformConfig): object {
  const { scaleUp, scaleDown } = extension.autoScaling?.behavior ?? {};
  const { scaleUpStabilizationWindowSeconds, scaleDownStabilizationWindowSeconds } = config.autoscaler;
  return {
    scaleUp: { stabilizationWindowSeconds: Number(scaleUpStabilizationWindowSeconds), ...scaleUp },
    scaleDown: { stabilizationWindowSeconds: Number(scaleDownStabilizationWindowSeconds), ...scaleDown },
  };
}
