import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import type { OutputTensor } from '../../../src/model/model';
import { treeClassifier } from '../../support/handmade-models';
import { array, dtype, instance, list, pickle, text } from '../../support/pickle-writer';

const NODES = [{ left: 1, right: 2, feature: 0, threshold: 0 }, { left: -1, right: -1 }, { left: -1, right: -1 }];

const labels = (...values: readonly bigint[]): Buffer => array(dtype('i8'), [2], new Uint8Array(BigInt64Array.from(values).buffer));
const objects = (): Buffer => array(dtype('U1', '<', 4), [2], Buffer.from('n\0\0\0y\0\0\0'));

/** Two stumps over the sign of the first column, with these classes. */
function predictSign(...classes: readonly Buffer[]): OutputTensor {
  const members = classes.map((classes_) => treeClassifier({ nodes: NODES, values: [0.5, 0.5, 1, 0, 0, 1], attributes: { classes_ } }));
  const model = sklearnFormat.parse(pickle(instance('sklearn.multioutput', 'MultiOutputClassifier', { estimators_: list(...members), _sklearn_version: text('1.5.2') })), 'm.pkl');
  return model.predict({ rows: 2, columns: 2, data: Float64Array.of(-1, 0, 1, 0) });
}

test.each<readonly [what: string, classes: readonly Buffer[], datatype: string, data: OutputTensor['data']]>([
  ['small whole numbers', [labels(1n, 2n), labels(3n, 4n)], 'INT64', Float64Array.of(1, 3, 2, 4)],
  ['numbers beyond 53 bits beside small ones', [labels(1n, 2n), labels(3n, 2n ** 60n + 1n)], 'INT64', BigInt64Array.of(1n, 3n, 2n, 2n ** 60n + 1n)],
  ['text', [objects(), objects()], 'BYTES', ['n', 'n', 'y', 'y']],
  ['text beside numbers, which meet as text', [objects(), labels(3n, 4n)], 'BYTES', ['n', '3', 'y', '4']],
])('labels of several outputs that are %s come in one tensor', (_what, classes, datatype, data) => {
  expect(predictSign(...classes)).toEqual({ name: 'output-0', datatype, shape: [2, 2], data });
});
