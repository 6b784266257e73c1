import type { IConstruct } from 'constructs';
import { ANNOTATION, isCanaryList, type DeploymentMode, type InferenceService, type InferenceServiceSpec } from '../api';
import { misuse } from './check';

/** Which controller reads the resources: this project's, or KServe's own of that version. */
export const TARGETS = ['cdk8s-kserve', 'kserve-0.20'] as const;
export type Target = (typeof TARGETS)[number];

interface Limit {
  readonly applies: (service: InferenceService, mode: DeploymentMode | undefined) => boolean;
  readonly what: string;
  readonly fix: string;
}

/** What KServe 0.20 accepts and then does not do: nothing in the cluster would say so. */
const KSERVE_0_20: readonly Limit[] = [
  {
    applies: ({ spec }) => spec.shadow === true,
    what: 'does not mirror requests to a canary (shadow)',
    fix: 'use weights, or target cdk8s-kserve',
  },
  {
    applies: ({ spec }) => spec.canary !== undefined && !isCanaryList(spec.canary),
    what: 'does not read spec.canary as one predictor',
    fix: 'write a list, or use the Canary construct',
  },
  {
    applies: ({ spec }) => spec.canary !== undefined && (hasFurther(spec) || (isCanaryList(spec.canary) && spec.canary.some(hasFurther))),
    what: 'sends the requests of a raw canary past transformer and explainer',
    fix: 'use mode Serverless, or target cdk8s-kserve',
  },
  {
    applies: ({ spec }, mode) => mode === 'Standard' && [spec.predictor, spec.transformer, spec.explainer].some((c) => c?.scaleMetric === 'concurrency' || c?.scaleMetric === 'rps'),
    what: 'makes an HPA that cannot work of concurrency and rps in raw mode',
    fix: 'use Scale.keda(KedaMetric.prometheus({...})), Scale.cpu, or mode Serverless',
  },
  {
    applies: ({ metadata, spec }) => [metadata, spec.predictor, spec.transformer, spec.explainer].some((o) => o?.annotations?.[ANNOTATION.maxUnavailable] !== undefined),
    what: `ignores annotation ${ANNOTATION.maxUnavailable}`,
    fix: 'write a PodDisruptionBudget of your own, or target cdk8s-kserve',
  },
  {
    applies: ({ metadata, spec }) => [metadata, spec.predictor, spec.transformer, spec.explainer].some((o) => [ANNOTATION.modelDigests, ANNOTATION.modelSigners].some((key) => o?.annotations?.[key])),
    what: `ignores annotations ${ANNOTATION.modelDigests} and ${ANNOTATION.modelSigners} and would serve an unverified model`,
    fix: 'target cdk8s-kserve',
  },
];

function hasFurther({ transformer, explainer }: Pick<InferenceServiceSpec, 'transformer' | 'explainer'>): boolean {
  return transformer !== undefined || explainer !== undefined;
}

/** @throws IsvcError ISVC_CONSTRUCT_MISUSE naming the target when it cannot do what the service asks for. */
export function assertTargetCan(construct: IConstruct, service: InferenceService, mode: DeploymentMode | undefined, target: Target): void {
  if (target !== 'kserve-0.20') return;
  const limit = KSERVE_0_20.find(({ applies }) => applies(service, mode));
  if (limit) throw misuse(construct, `target ${target} ${limit.what}`, limit.fix);
}

/** Children are written by no controller, so there is none to aim at. */
export function assertDeclared(construct: IConstruct, output: 'declare' | 'expand', target: Target): void {
  if (output === 'expand' && target === 'kserve-0.20') throw misuse(construct, 'output "expand" writes the children themselves, which target kserve-0.20 would write again', 'use output "declare", or leave target out');
}
