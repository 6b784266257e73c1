import type { ErrorCode } from 'cdk8s-kserve/api';
import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { call, dict, instance, int, list, none, pickle, text } from '../../support/pickle-writer';
import { fixtureBytes, REFUSED_FIXTURES } from '../../support/sklearn-fixtures';

const GENUINE: readonly (readonly [file: string, message: RegExp, hint: RegExp])[] = [
  ['refused-bz2.joblib', /compressed with bz2; supported are zlib and gzip/, /compress=/],
  ['refused-lzma.joblib', /compressed with lzma/, /compress=/],
  ['refused-xz.joblib', /compressed with xz/, /compress=/],
  ['refused-dict.joblib', /holds a dict, not an estimator/, /fitted estimator itself/],
  ['refused-spectral-clustering.joblib', /holds sklearn\.cluster\._spectral\.SpectralClustering, which has no answer for rows it was not fitted on/, /fit a classifier on its labels/],
  ['refused-not-fitted.joblib', /SVC has no attribute classes_: it was never fitted/, /after fit/],
  ['refused-two-outputs.joblib', /predicts several outputs/, /one model for each output/],
];

test('every genuine file kept for its refusal has a row in the table', () => {
  expect(GENUINE.map(([file]) => file).sort()).toEqual([...REFUSED_FIXTURES].sort());
});

test.each(GENUINE)('%s is refused with the reason and a way out', (file, message, hint) => {
  const error = isvcErrorOf(() => sklearnFormat.parse(fixtureBytes(file), file));
  expect(error.code).toBe('ISVC_MODEL_UNSUPPORTED');
  expect(error.path).toBe(file);
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

const MADE: readonly (readonly [what: string, value: Buffer, code: ErrorCode, message: RegExp, hint: RegExp])[] = [
  ['an xgboost model', instance('xgboost.sklearn', 'XGBModel', {}), 'ISVC_MODEL_UNSUPPORTED', /XGBModel/, /save_model\("model\.ubj"\)/],
  ['a lightgbm model', instance('lightgbm.sklearn', 'LGBMModel', {}), 'ISVC_MODEL_UNSUPPORTED', /LGBMModel/, /model\.bst/],
  ['a class of another library that is called SVC', instance('xgboost', 'SVC', {}), 'ISVC_MODEL_UNSUPPORTED', /xgboost\.SVC/, /save_model/],
  ['a class named like a property of every object', instance('sklearn.svm', 'constructor', {}), 'ISVC_MODEL_UNSUPPORTED', /sklearn\.svm\.constructor/, /ONNX/],
  ['None', none, 'ISVC_MODEL_UNSUPPORTED', /holds None/, /estimator itself/],
  ['a number', int(3), 'ISVC_MODEL_UNSUPPORTED', /holds a number/, /estimator itself/],
  ['a list', list(text('x')), 'ISVC_MODEL_UNSUPPORTED', /holds a list/, /estimator itself/],
  ['an SVC without any state', call('sklearn.svm', 'SVC'), 'ISVC_MODEL_UNSUPPORTED', /no attribute classes_/, /fit/],
  ['a sparse SVC', instance('sklearn.svm', 'SVC', { _sparse: Buffer.of(0x88) }), 'ISVC_MODEL_UNSUPPORTED', /sparse/, /dense/],
  ['an SVC whose classes are a dict', instance('sklearn.svm', 'SVC', { classes_: dict({}) }), 'ISVC_MODEL_CORRUPT', /classes_: there is no array/, /copy the file/],
];

test.each(MADE)('%s is refused by name', (_what, value, code, message, hint) => {
  const error = isvcErrorOf(() => sklearnFormat.parse(pickle(value), 'model.pkl'));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});
