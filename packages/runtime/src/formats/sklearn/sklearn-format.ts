import { IsvcError } from 'cdk8s-kserve/api';
import type { Model, ModelFormat } from '../../model/model';

/** scikit-learn estimators in joblib files and plain pickles. */
export const sklearnFormat: ModelFormat = {
  name: 'sklearn',
  extensions: ['.joblib', '.pkl', '.pickle'],
  parse(_bytes: Buffer, file: string): Model {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'holds no estimator this version evaluates', { path: file });
  },
};
