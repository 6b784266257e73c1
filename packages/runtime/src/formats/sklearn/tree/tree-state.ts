import { type ClassLabels, readClassLabels } from '../class-labels';
import type { FittedState } from '../fitted-state';

/** What a tree and a forest have in common besides their nodes. */
export interface TreeShape {
  readonly features: number;
  readonly labels: ClassLabels;
}

/** More columns than this no request can carry. */
const MAX_FEATURES = 2 ** 24;

/** Criteria under which trees handle missing values. */
const MISSING_CRITERIA: readonly string[] = ['gini', 'entropy', 'log_loss', 'squared_error', 'friedman_mse', 'poisson'];

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for several outputs, ISVC_MODEL_CORRUPT. */
export function readTreeShape(state: FittedState): TreeShape {
  if (state.number('n_outputs_') !== 1) throw state.unsupported('predicts several outputs at once', 'fit one model for each output');
  const features = readTreeFeatures(state);
  const labels = readClassLabels(state);
  state.integer('n_classes_', labels.count, labels.count);
  return { features, labels };
}

/** The attribute got its present name in 0.24. */
export function readTreeFeatures(state: FittedState): number {
  return state.integer(state.has('n_features_in_') ? 'n_features_in_' : 'n_features_', 1, MAX_FEATURES);
}

/**
 * Whether a tree takes missing values: from 1.3 on with these criteria and no monotonic constraints, whatever it was
 * fitted on; trees of random thresholds followed in 1.6.
 */
export function treeAllowsNaN(state: FittedState): boolean {
  const criterion = state.text('criterion') ?? '';
  if (!state.savedBy(1, 3) || !MISSING_CRITERIA.includes(criterion) || state.has('monotonic_cst')) return false;
  return state.text('splitter') === 'best' || state.savedBy(1, 6);
}
