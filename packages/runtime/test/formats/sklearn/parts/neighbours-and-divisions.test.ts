import { sklearnFormat } from '../../../../src/formats/sklearn/sklearn-format';
import { isvcErrorOf } from '../../../support/isvc-error-of';
import { build, call, dict, float, floats, instance, int, integers, none, pickle, text } from '../../../support/pickle-writer';

const matrix = (...rows: readonly number[][]): { rows: number; columns: number; data: Float64Array } => ({ rows: rows.length, columns: 2, data: Float64Array.from(rows.flat()) });

/** Two rows a unit apart, with the classes a and b. */
function radiusClassifier(outlier: Buffer): Buffer {
  return pickle(instance('sklearn.neighbors._classification', 'RadiusNeighborsClassifier', {
    radius: float(0.5), weights: text('uniform'), effective_metric_: text('euclidean'), n_features_in_: int(2), outputs_2d_: Buffer.of(0x89),
    classes_: integers([3, 5]), _y: integers([0, 1]), _fit_X: floats([2, 2], [0, 0, 1, 0]), outlier_label: outlier,
  }));
}

test('a row exactly at the radius is a neighbour, and of two classes with as many the first counts', () => {
  const model = sklearnFormat.parse(radiusClassifier(none), 'model.pkl');
  expect(Array.from(model.predict(matrix([0.5, 0], [0, 0.5], [1, -0.5])).data as ArrayLike<number>)).toEqual([3, 3, 5]);
});

test('a row without a neighbour is an error of the client, unless the model has a class for it', () => {
  const strict = sklearnFormat.parse(radiusClassifier(none), 'model.pkl');
  expect(isvcErrorOf(() => strict.predict(matrix([0, 0], [9, 9])))).toMatchObject({ code: 'ISVC_INPUT_INVALID', message: expect.stringContaining('row 1 ') });
  const lenient = sklearnFormat.parse(radiusClassifier(int(5)), 'model.pkl');
  expect(Array.from(lenient.predict(matrix([9, 9])).data as ArrayLike<number>)).toEqual([5]);
});

test('a tree of divisions that leads back to itself is refused', () => {
  const node = Buffer.concat([call('sklearn.cluster._bisect_k_means', '_BisectingTree'), Buffer.of(0x94), dict({ center: floats([2], [0, 0]), left: Buffer.of(0x68, 0), right: Buffer.of(0x68, 0) }), Buffer.of(0x62)]);
  const model = pickle(build(call('sklearn.cluster._bisect_k_means', 'BisectingKMeans'), dict({ cluster_centers_: floats([2, 2], [0, 0, 1, 1]), n_features_in_: int(2), _bisecting_tree: node })));
  expect(isvcErrorOf(() => sklearnFormat.parse(model, 'model.pkl'))).toMatchObject({ code: 'ISVC_MODEL_CORRUPT' });
});
