import { IsvcError } from 'cdk8s-kserve/api';
import type { Model, ModelFormat } from '../../model/model';
import { openPickle } from '../joblib/decompress';
import { readAttachment } from '../joblib/read-attachment';
import { readPickle } from '../pickle/read-pickle';
import { PickledObject, type PickleValue } from '../pickle/value';
import { isAllowedGlobal } from './allowed-globals';
import { buildEstimator, builderOf } from './build-estimator';
import type { EstimatorBuilder } from './estimator';
import { EstimatorModel } from './estimator-model';
import { ESTIMATORS } from './estimators';
import { FittedState } from './fitted-state';
import { refusalOf } from './refused-estimators';
import { sklearnDetails } from './sklearn-details';

/** Libraries whose models are better served from their own file format. */
const OWN_FORMATS: Readonly<Record<string, string>> = {
  xgboost: 'save it with model.save_model("model.ubj")',
  lightgbm: 'save it with model.booster_.save_model("model.bst")',
  catboost: 'save it with model.save_model("model.json", format="json")',
};

/** scikit-learn estimators in joblib files and in plain pickles. */
export const sklearnFormat: ModelFormat = {
  name: 'sklearn',
  extensions: ['.joblib', '.pkl', '.pickle'],
  parse(bytes: Buffer, file: string): Model {
    try {
      return readModel(bytes, file);
    } catch (error) {
      // What V8 throws when an array cannot be allocated.
      if (!(error instanceof RangeError)) throw error;
      throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'needs more memory than the process can get', {
        path: file,
        hint: 'give the container more memory, or fit a smaller model',
        cause: error,
      });
    }
  },
  details: sklearnDetails,
};

function readModel(bytes: Buffer, file: string): Model {
  const reader = openPickle(bytes, file);
  const root = readPickle(reader, { allows: isAllowedGlobal, readAttachment });
  const { state, build } = estimatorOf(root, file, reader.bytes.length);
  return new EstimatorModel(buildEstimator(state, build), file.endsWith('.joblib') ? 'sklearn_joblib' : 'sklearn_pickle');
}

function estimatorOf(root: PickleValue, file: string, fileBytes: number): { readonly state: FittedState; readonly build: EstimatorBuilder } {
  if (!(root instanceof PickledObject)) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `holds ${describe(root)}, not an estimator`, {
      path: file,
      hint: 'save the fitted estimator itself, not a dict or list around it',
    });
  }
  const build = builderOf(root);
  if (!build) {
    const [library = ''] = root.type.module.split('.', 1);
    const refusal = library === 'sklearn' ? refusalOf(root.type.name) : undefined;
    const problem = refusal ? `, which ${refusal.why}` : `; supported are ${Object.keys(ESTIMATORS).join(', ')}`;
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `holds ${root.type}${problem}`, { path: file, hint: refusal?.wayOut ?? OWN_FORMATS[library] ?? 'export the model as ONNX' });
  }
  return { state: FittedState.of(root, file, fileBytes), build };
}

function describe(value: PickleValue): string {
  if (value === null) return 'None';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a dict';
  if (value instanceof Set) return 'a set';
  if (Buffer.isBuffer(value)) return 'bytes';
  return typeof value === 'object' ? 'a class' : `a ${typeof value}`;
}
