import type { Model, ModelFormat } from '../../model/model';
import { BoosterModel } from '../boosting/booster-model';
import { guardMemory } from '../boosting/guard-memory';
import { writtenBy } from '../boosting/written-by';
import { readBooster } from './build-booster';

/** LightGBM's text models. */
export const lightgbmFormat: ModelFormat = {
  name: 'lightgbm',
  extensions: ['.bst', '.lgb', '.model'],
  sharedExtensions: ['.txt'],
  recognizes: (bytes) => /^tree\r?\n/.test(bytes.toString('latin1', 0, 6)),
  parse(bytes: Buffer, file: string): Model {
    return guardMemory(file, () => toModel(bytes, file));
  },
  details: writtenBy('LightGBM (format)', /^tree\r?\nversion=(v\d+)/),
};

/** KServe's server asks the booster itself: probabilities as the objective has them, FP64. */
function toModel(bytes: Buffer, file: string): Model {
  const { features, featureNames, outputs, predict } = readBooster(bytes, file);
  return new BoosterModel({
    platform: 'lightgbm',
    estimator: 'Booster',
    inputDatatype: 'FP64',
    features,
    featureNames,
    takesMissingColumns: true,
    predict: { datatype: 'FP64', columns: outputs === 1 ? undefined : outputs, compute: predict },
  });
}
