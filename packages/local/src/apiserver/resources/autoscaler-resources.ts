import type { KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, numberAt, stringAt, valueAt } from '../json';
import { column, textOf } from '../table/cells';
import type { Column } from '../table/column';
import { toAutoscalingV1, toAutoscalingV2 } from './autoscaler-conversion';
import { defaultHorizontalPodAutoscaler, defaultHorizontalPodAutoscalerV1 } from './built-in-defaults';
import { define } from './define';
import { horizontalPodAutoscalerSchema, horizontalPodAutoscalerV1Schema } from './schemas/workloads';
import type { ServedResource } from './served-resource';

/** Autoscalers, in the version that they are kept in and in the one that older programs write. */
export function autoscalerResources(): readonly ServedResource[] {
  const both = { plural: 'horizontalpodautoscalers', kind: 'HorizontalPodAutoscaler', shortNames: ['hpa'], categories: ['all'], subresources: ['status'] } as const;
  return [
    ...define('autoscaling/v2', [{ ...both, schema: horizontalPodAutoscalerSchema, applyBuiltInDefaults: defaultHorizontalPodAutoscaler, columns: columns((hpa) => hpa) }]),
    ...define('autoscaling/v1', [{
      ...both, schema: horizontalPodAutoscalerV1Schema, applyBuiltInDefaults: defaultHorizontalPodAutoscalerV1, columns: columns(toAutoscalingV2),
      storedAs: { apiVersion: 'autoscaling/v2', group: 'autoscaling', fromStored: toAutoscalingV1, toStored: toAutoscalingV2 },
    }]),
  ];
}

function columns(asV2: (hpa: KubeObject) => KubeObject): readonly Column[] {
  return [
    column('Reference', (o) => `${stringAt(o, 'spec', 'scaleTargetRef', 'kind') ?? ''}/${stringAt(o, 'spec', 'scaleTargetRef', 'name') ?? ''}`),
    column('Targets', (o) => targets(asV2(o))),
    column('MinPods', (o) => textOf(valueAt(o, 'spec', 'minReplicas'), '<unset>')),
    column('MaxPods', (o) => numberAt(o, 'spec', 'maxReplicas') ?? 0, { type: 'integer' }),
    column('Replicas', (o) => numberAt(o, 'status', 'currentReplicas') ?? 0, { type: 'integer' }),
  ];
}

function targets(hpa: unknown): string {
  const current = arrayAt(hpa, 'status', 'currentMetrics');
  const cells = arrayAt(hpa, 'spec', 'metrics').map((metric, i) => {
    const name = stringAt(metric, 'resource', 'name') ?? stringAt(metric, 'pods', 'metric', 'name') ?? stringAt(metric, 'type') ?? '';
    const target = numberAt(metric, 'resource', 'target', 'averageUtilization');
    const now = numberAt(current[i], 'resource', 'current', 'averageUtilization');
    if (target !== undefined) return `${name}: ${now === undefined ? '<unknown>' : `${now}%`}/${target}%`;
    const value = valueAt(metric, 'resource', 'target', 'averageValue') ?? valueAt(metric, 'pods', 'target', 'averageValue');
    return `${name}: <unknown>/${textOf(value, '<auto>')}`;
  });
  return cells.length === 0 ? '<none>' : cells.join(', ');
}
