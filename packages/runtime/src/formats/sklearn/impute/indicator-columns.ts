import { PickledObject } from '../../pickle/value';
import type { FittedState } from '../fitted-state';

/** Columns with an indicator of their own, of an imputer that adds one for what it fills in. */
export function indicatorColumns(state: FittedState, features: number): readonly number[] {
  const indicator = state.value('indicator_');
  if (!(indicator instanceof PickledObject)) throw state.corrupt('indicator_ is not an indicator');
  return Array.from(state.member(indicator).columnIndicesOf('features_', features));
}
