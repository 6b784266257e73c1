import type { Model, ModelFormat } from '../../model/model';
import { BoosterModel } from '../boosting/booster-model';
import { guardMemory } from '../boosting/guard-memory';
import { writtenBy } from '../boosting/written-by';
import { buildBooster } from './build-booster';
import type { Ensemble } from './ensemble';
import { isXgboost, readEnsemble } from './read-ensemble';

/** XGBoost's own files: JSON, UBJSON and the binary format of releases before 3.1, told apart by their first bytes. */
export const xgboostFormat: ModelFormat = {
  name: 'xgboost',
  extensions: ['.bst', '.ubj', '.xgb', '.model'],
  sharedExtensions: ['.json'],
  recognizes: isXgboost,
  parse(bytes: Buffer, file: string): Model {
    return guardMemory(file, () => toModel(readEnsemble(bytes, file), file));
  },
  details: writtenBy('XGBoost', /"version":\s*\[(\d+),\s*(\d+),\s*(\d+)\]/),
};

/** KServe's server asks the booster itself: probabilities or class indices as the objective has it, all rounds, FP32. */
function toModel(ensemble: Ensemble, file: string): Model {
  const booster = buildBooster(ensemble, file, { allowsInfinity: false });
  const { outputs } = booster;
  return new BoosterModel({
    platform: 'xgboost',
    estimator: 'Booster',
    inputDatatype: 'FP32',
    features: booster.features,
    featureNames: booster.featureNames,
    // Without names a narrow row is a sparse one, as for XGBoost; with names it is a mistake, as for XGBoost.
    takesFewerColumns: booster.featureNames === undefined,
    predict: { datatype: 'FP32', columns: outputs === 1 ? undefined : outputs, compute: booster.predict },
  });
}
