import type { CanarySpec, ExplainerSpec, InferenceService, PredictorSpec, TransformerSpec } from './types';

/** Variant name of a canary in the older form, which has no names. */
export const UNNAMED_CANARY = 'canary';

/**
 * How a service's traffic is split between versions, whichever of KServe's three spellings said it:
 *
 * - `predictor.canaryTrafficPercent`: the latest Knative revision gets that share, the one before it the rest;
 * - `spec.canary[]`: named predictors beside the stable one, each with its share (raw mode);
 * - `spec.canary.predictor` with `spec.canaryTrafficPercent`: the older form of the same, one nameless predictor.
 */
export type Rollout =
  | { readonly kind: 'none' }
  | { readonly kind: 'revisions'; readonly percent: number }
  | { readonly kind: 'variants'; readonly variants: readonly CanaryVariant[]; readonly shadow: boolean };

/** A version beside the stable one. */
export interface CanaryVariant {
  readonly name: string;
  /** What differs from the stable predictor. */
  readonly overlay: PredictorSpec;
  /** What differs from the stable transformer and explainer: a request stays within one version. */
  readonly transformer?: TransformerSpec;
  readonly explainer?: ExplainerSpec;
  /** 0..100. In shadow, the share of requests that is mirrored. */
  readonly trafficPercent: number;
  /** Where it stands in the resource. */
  readonly path: string;
}

/** Reads the rollout of a validated service. */
export function rolloutOf(service: InferenceService): Rollout {
  const { canary, canaryTrafficPercent, shadow = false, predictor } = service.spec;
  const variants = variantsOf(canary, canaryTrafficPercent, shadow);
  if (variants.length > 0) return { kind: 'variants', variants, shadow };
  const percent = predictor.canaryTrafficPercent;
  return percent === undefined ? { kind: 'none' } : { kind: 'revisions', percent };
}

function variantsOf(canary: InferenceService['spec']['canary'], percent: number | undefined, shadow: boolean): readonly CanaryVariant[] {
  if (canary === undefined) return [];
  if (isCanaryList(canary)) {
    return canary.map((entry, index) => ({
      name: entry.predictor.name ?? UNNAMED_CANARY, overlay: entry.predictor, trafficPercent: entry.trafficPercent, path: `spec.canary[${index}]`,
      ...(entry.transformer ? { transformer: entry.transformer } : {}), ...(entry.explainer ? { explainer: entry.explainer } : {}),
    }));
  }
  // The tutorial's shadow form gives no share and means every request.
  const trafficPercent = percent ?? (shadow ? 100 : 0);
  return [{ name: canary.predictor.name ?? UNNAMED_CANARY, overlay: canary.predictor, trafficPercent, path: 'spec.canary' }];
}

export function isCanaryList(canary: NonNullable<InferenceService['spec']['canary']>): canary is readonly CanarySpec[] {
  return Array.isArray(canary);
}
