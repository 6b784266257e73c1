import type { ReusedMemory } from '../../numpy/reused-memory';
import type { Regressor } from '../estimator';
import type { FittedState } from '../fitted-state';
import { regressorOf } from '../regressor-of';
import { readTreeNodes } from './tree-nodes';
import { readTreeFeatures, treeAllowsNaN } from './tree-state';
import { treeNumbers } from './tree-sum';

/** Outputs of one tree; more were never seen. */
const MAX_OUTPUTS = 1 << 16;

/** Builds `DecisionTreeRegressor` and `ExtraTreeRegressor`. */
export function buildTreeRegressor(state: FittedState): Regressor {
  return meanOf(state, [state], treeAllowsNaN(state));
}

/** Builds `RandomForestRegressor` and `ExtraTreesRegressor`: the mean of their trees. */
export function buildForestRegressor(state: FittedState): Regressor {
  const members = state.objects('estimators_').map((member) => state.member(member));
  const [firstMember] = members;
  if (!firstMember) throw state.corrupt('estimators_ is empty');
  return meanOf(state, members, state.savedBy(1, 4) && treeAllowsNaN(firstMember));
}

function meanOf(state: FittedState, members: readonly FittedState[], allowsNaN: boolean): Regressor {
  const features = readTreeFeatures(state);
  const outputs = state.integer('n_outputs_', 1, MAX_OUTPUTS);
  const trees = members.map((member) => (memory?: ReusedMemory) => readTreeNodes(member, features, { outputs }, memory));
  const count = members.length;
  const values = treeNumbers(trees, { width: outputs, columns: outputs, flat: outputs === 1 }, () => undefined, count === 1 ? undefined : (sum) => sum / count);
  return regressorOf(state, features, values, { precision: 'single', allowsNaN });
}
