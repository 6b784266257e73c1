import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix } from '../../model/model';
import type { Ensemble } from './ensemble';
import { LinearMargins } from './linear-margins';
import type { Margins } from './margins';
import { type Objective, OBJECTIVE_NAMES, objectiveOf } from './objective';
import type { ValueRule } from '../boosting/single-rows';
import { TreeMargins } from './tree-margins';

/** A checked booster of XGBoost. */
export interface XgboostBooster {
  readonly features: number;
  readonly featureNames?: readonly string[] | undefined;
  readonly objective: string;
  /** Numbers answered for each row. */
  readonly outputs: number;
  /** Writes `outputs` numbers for each row, after the transform of the objective. */
  predict(input: Matrix): Float32Array;
}

export interface BoosterOptions {
  readonly allowsInfinity: boolean;
  readonly missing?: number | undefined;
  /** Use the rounds up to the best one only, as the scikit-learn wrappers do. */
  readonly stopsAtBest?: boolean;
}

/** @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED for an objective that is not known. */
export function buildBooster(ensemble: Ensemble, file: string, options: BoosterOptions): XgboostBooster {
  const { features, featureNames, outputs } = ensemble;
  const objective = objectiveOf(ensemble.objective);
  if (!objective) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `the objective ${JSON.stringify(ensemble.objective.slice(0, 40))} is not evaluated here; supported are ${OBJECTIVE_NAMES.join(', ')}`, {
      path: file,
      hint: 'train with one of these objectives, or export the model as ONNX',
    });
  }
  const corrupt = (problem: string): IsvcError => new IsvcError('ISVC_MODEL_CORRUPT', problem, { path: file, hint: 'copy the file again and compare its checksum with the source' });
  const rule: ValueRule = { features, allowsInfinity: options.allowsInfinity, missing: options.missing };
  const margins = buildMargins(ensemble, baseMargins(ensemble, objective, corrupt), rule, options.stopsAtBest === true, corrupt);
  return { features, featureNames, objective: ensemble.objective, outputs: objective.picksClass ? 1 : outputs, predict: predictorOf(margins, objective, outputs) };
}

function buildMargins({ booster, outputs, bestIteration }: Ensemble, base: Float32Array, rule: ValueRule, stopsAtBest: boolean, corrupt: (problem: string) => IsvcError): Margins {
  if (booster.kind === 'linear') {
    const needed = (rule.features + 1) * outputs;
    // A model that was never boosted has no weights yet.
    if (booster.weights.length !== needed && booster.weights.length !== 0) throw corrupt(`${booster.weights.length} weights, ${needed} are needed for ${rule.features} features and ${outputs} outputs`);
    return new LinearMargins(booster.weights.length === 0 ? new Float32Array(needed) : Float32Array.from(booster.weights), base, rule);
  }
  if (booster.groups.length !== booster.trees.length) throw corrupt(`${booster.groups.length} entries in tree_info for ${booster.trees.length} trees`);
  const { trees, roundEnds, parallelTrees } = booster;
  let count = trees.length;
  if (stopsAtBest && bestIteration !== undefined) {
    const end = roundEnds ? roundEnds[bestIteration + 1] : (bestIteration + 1) * outputs * parallelTrees;
    if (end === undefined || !(end >= 0 && end <= count)) throw corrupt(`best_iteration is ${bestIteration}, for which there are not enough trees`);
    count = end;
  }
  return new TreeMargins(booster, base, count, rule, corrupt);
}

function baseMargins({ baseScore, baseScoreIsMargin, outputs }: Ensemble, objective: Objective, corrupt: (problem: string) => IsvcError): Float32Array {
  if (baseScore.length !== 1 && baseScore.length !== outputs) throw corrupt(`base_score has ${baseScore.length} numbers for ${outputs} outputs`);
  return Float32Array.from({ length: outputs }, (_, output) => {
    const score = Math.fround(baseScore[baseScore.length === 1 ? 0 : output] as number);
    const margin = baseScoreIsMargin ? score : objective.toMargin(score);
    if (!Number.isFinite(margin)) throw corrupt(`base_score ${score} is out of the range of the objective`);
    return margin;
  });
}

function predictorOf(margins: Margins, objective: Objective, outputs: number): XgboostBooster['predict'] {
  return (input) => {
    const sums = new Float32Array(input.rows * outputs);
    margins.fill(input, sums);
    if (objective.picksClass) return largestOf(sums, outputs);
    objective.transform(sums, outputs);
    return sums;
  };
}

/** The index of the largest number of each row; of equal ones the first. */
function largestOf(sums: Float32Array, outputs: number): Float32Array {
  return Float32Array.from({ length: sums.length / outputs }, (_, row) => {
    let best = 0;
    for (let output = 1; output < outputs; output++) if ((sums[row * outputs + output] as number) > (sums[row * outputs + best] as number)) best = output;
    return best;
  });
}
