import type { Model, ModelFormat } from '../../model/model';
import { BoosterModel } from '../boosting/booster-model';
import { DocumentPart } from '../boosting/document-part';
import { guardMemory } from '../boosting/guard-memory';
import { parseModelJson } from '../boosting/parse-model-json';
import { buildBooster } from './build-booster';
import { isLegacyBinary, readLegacyBinary } from './legacy/read-legacy-binary';
import type { Ensemble } from './ensemble';
import { readDocument } from './read-document';
import { readUbjson } from './ubjson/read-ubjson';

/** XGBoost's own files: JSON, UBJSON and the binary format of releases before 3.1, told apart by their first bytes. */
export const xgboostFormat: ModelFormat = {
  name: 'xgboost',
  extensions: ['.bst', '.ubj', '.xgb', '.model'],
  sharedExtensions: ['.json'],
  recognizes: (bytes) => isUbjson(bytes) || isJsonModel(bytes) || isLegacyBinary(bytes),
  parse(bytes: Buffer, file: string): Model {
    return guardMemory(file, () => toModel(readEnsemble(bytes, file), file));
  },
};

/** Reads a model in any of the three formats. */
export function readEnsemble(bytes: Buffer, file: string): Ensemble {
  if (isUbjson(bytes)) return readDocument(new DocumentPart(readUbjson(bytes, file), file));
  if (isJson(bytes)) return readDocument(parseModelJson(bytes, file));
  return readLegacyBinary(bytes, file);
}

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

/** An object, of which the first key is a length or counted. */
function isUbjson(bytes: Buffer): boolean {
  return bytes[0] === 0x7b && /^[LiIlU#$N}]/.test(bytes.toString('latin1', 1, 2));
}

function isJson(bytes: Buffer): boolean {
  return /^\s*\{/.test(bytes.toString('latin1', 0, 64));
}

/** The one key every model has stands at the front, unless another tool has sorted or filtered the keys. */
function isJsonModel(bytes: Buffer): boolean {
  return isJson(bytes) && bytes.includes('"learner"');
}
