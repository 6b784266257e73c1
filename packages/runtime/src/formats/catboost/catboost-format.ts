import { IsvcError } from 'cdk8s-kserve/api';
import type { Model, ModelFormat } from '../../model/model';
import { guardMemory } from '../boosting/guard-memory';
import { writtenBy } from '../boosting/written-by';
import { parseModelJson } from '../boosting/parse-model-json';
import { buildModel } from './build-model';

/** CatBoost models in its JSON format. Its binary one is claimed so that such a file is answered with the way out. */
export const catboostFormat: ModelFormat = {
  name: 'catboost',
  extensions: ['.cbm'],
  sharedExtensions: ['.json'],
  recognizes: (bytes) => /^\s*\{/.test(bytes.toString('latin1', 0, 64)) && (bytes.includes('"oblivious_trees"') || bytes.includes('"features_info"')),
  parse(bytes: Buffer, file: string): Model {
    if (bytes.toString('latin1', 0, 4) === 'CBM1') {
      throw new IsvcError('ISVC_MODEL_UNSUPPORTED', "is CatBoost's binary format, which is not evaluated here", {
        path: file,
        hint: "save the model with model.save_model('model.json', format='json'), or export it as ONNX",
      });
    }
    return guardMemory(file, () => buildModel(parseModelJson(bytes, file)));
  },
  details: writtenBy('CatBoost', /CatBoost release (\d+)\.(\d+)(?:\.(\d+))?/),
};
