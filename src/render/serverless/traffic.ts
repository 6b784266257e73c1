import { ANNOTATION } from '../../api';
import type { Component } from '../component';
import type { Decision } from '../types';

export interface TrafficTarget {
  readonly latestRevision: boolean;
  readonly percent: number;
  readonly revisionName?: string;
  readonly tag?: string;
}

/**
 * How Knative splits a component's requests: everything to the latest revision, or a canary's share to it and the rest
 * to the revision that was rolled out completely before.
 */
export function revisionTraffic(component: Component, rolledOut: string | undefined): { readonly traffic: readonly TrafficTarget[]; readonly decision?: Decision } {
  const tag = component.metadata.annotations[ANNOTATION.enableTagRouting] === 'true' ? { tag: 'latest' } : {};
  const percent = component.extension.canaryTrafficPercent;
  if (percent === undefined || percent === 100) return { traffic: [{ latestRevision: true, percent: 100, ...tag }] };
  if (rolledOut === undefined) {
    return {
      traffic: [{ latestRevision: true, percent: 100, ...tag }],
      decision: { topic: 'canary', choice: `the latest revision of ${component.name} gets 100 %`, because: `${component.path}.canaryTrafficPercent ${percent} needs a revision that was rolled out before, and there is none yet` },
    };
  }
  return {
    traffic: [
      { latestRevision: true, percent, ...tag },
      { latestRevision: false, percent: 100 - percent, revisionName: rolledOut, tag: 'prev' },
    ],
    decision: { topic: 'canary', choice: `the latest revision of ${component.name} gets ${percent} %, ${rolledOut} ${100 - percent} %`, because: `${component.path}.canaryTrafficPercent is ${percent}` },
  };
}
