import { PickledObject } from '../../pickle/value';
import { parseNumber } from '../../numpy/parse-number';
import type { FittedState } from '../fitted-state';
import { type Metric, metricNamed } from './distances';

/** The rows a neighbours model compares with, and how. */
export interface TrainingRows {
  readonly count: number;
  readonly features: number;
  readonly values: Float64Array;
  readonly metric: Metric;
  /** Whether nearer rows count more. */
  readonly byDistance: boolean;
}

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for metrics and weights that are functions. */
export function readTrainingRows(state: FittedState): TrainingRows {
  const { rows: count, columns, values } = state.matrix('_fit_X');
  const features = state.features(columns);
  const parameters = state.has('effective_metric_params_') ? state.value('effective_metric_params_') : undefined;
  const power = parameters instanceof Map && parameters.has('p') ? parseNumber(parameters.get('p')) : state.has('p') ? state.number('p') : undefined;
  if (parameters instanceof Map && [...parameters.keys()].some((key) => key !== 'p' && parameters.get(key) !== null)) throw state.unsupported('has a metric with parameters of its own');
  const metric = metricNamed(state, state.text(state.has('effective_metric_') ? 'effective_metric_' : 'metric'), power);
  const choice = state.has('weights') ? state.value('weights') : 'uniform';
  if (choice !== 'uniform' && choice !== 'distance') {
    throw state.unsupported(choice instanceof PickledObject ? 'has a function for its weights' : 'has unknown weights', 'use uniform or distance');
  }
  return { count, features, values, metric, byDistance: choice === 'distance' };
}
