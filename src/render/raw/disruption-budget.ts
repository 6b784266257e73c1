import { ANNOTATION, LABEL, TerminalError, type KubeObject } from '../../api';
import type { Component } from '../component';
import { unlessEmpty } from '../metadata';
import { appLabel } from '../names';
import type { Decision } from '../types';

/**
 * The PodDisruptionBudget of a raw component that asks for one by annotation. Ours; KServe has none.
 *
 * A budget over a single replica would block every drain of its node, so there is none then.
 */
export function renderDisruptionBudget({ name, namespace, metadata, extension }: Component): { readonly object?: KubeObject; readonly decision?: Decision } {
  const asked = metadata.annotations[ANNOTATION.maxUnavailable];
  if (asked === undefined) return {};
  if (!/^(\d+|\d{1,2}%|100%)$/.test(asked) || /^0+%?$/.test(asked)) {
    throw new TerminalError('ISVC_API_INVALID_VALUE', `must be a number of pods above 0 or a percentage, got "${asked}"`, { path: `metadata.annotations["${ANNOTATION.maxUnavailable}"]`, hint: 'write "1" or "25%"' });
  }
  if ((extension.minReplicas ?? 1) < 2) {
    return { decision: { topic: 'default', choice: 'no disruption budget', because: 'over a single replica it would block every drain of its node; set minReplicas to 2 or more' } };
  }
  return {
    object: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, namespace, labels: { ...metadata.labels, [LABEL.app]: appLabel(name) }, ...unlessEmpty('annotations', metadata.annotations) },
      spec: { maxUnavailable: /%$/.test(asked) ? asked : Number(asked), selector: { matchLabels: { [LABEL.app]: appLabel(name) } } },
    },
  };
}
