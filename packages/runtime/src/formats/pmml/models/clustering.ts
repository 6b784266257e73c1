import { arrayNumbers } from '../fields/text-array';
import { type CompileModelKind, NOTHING } from './model';
import { comparedField, comparisonMeasure } from './comparison-measure';

/** ClusteringModel with centres: the nearest or most similar one wins. */
export const compileClustering: CompileModelKind = (element, { scope, round }) => {
  element.oneOf('modelClass', ['centerBased']);
  const whole = element.required('ComparisonMeasure');
  const clusteringFields = element.all('ClusteringField').filter((field) => field.flag('isCenterField', true));
  const fields = clusteringFields.map((field) => comparedField(field, 'fieldWeight', whole));
  const reads = clusteringFields.map((field) => scope.field(field.requiredAttribute('field'), field).read);
  const { isSimilarity, measure } = comparisonMeasure(whole, fields);
  const clusters = element.all('Cluster').map((cluster, i) => {
    const array = cluster.children.find((child) => child.name === 'Array' || child.name.endsWith('SparseArray'));
    if (!array) throw cluster.corrupt('has no Array');
    const center = arrayNumbers(array, fields.length);
    if (center.length !== fields.length) throw cluster.corrupt(`has ${center.length} coordinates, the model has ${fields.length} fields`);
    const id = cluster.attribute('id') ?? String(i + 1);
    return { id, center, name: cluster.attribute('name') };
  });
  if (clusters.length === 0) throw element.corrupt('has no Cluster');
  const weightsArray = element.child('MissingValueWeights')?.child('Array');
  const weights = weightsArray ? arrayNumbers(weightsArray) : new Float64Array(fields.length).fill(1);
  const total = weights.reduce((a, b) => a + b, 0);
  return (row) => {
    const point = reads.map((read) => {
      const value = read(row);
      return value === undefined ? Number.NaN : Number(value);
    });
    const there = weights.reduce((sum, weight, i) => (Number.isNaN(point[i]) ? sum : sum + weight), 0);
    if (there === 0) return NOTHING;
    const ranked = clusters.map((cluster) => ({ ...cluster, affinity: round(measure(point, cluster.center, total / there)) }));
    const order = [...ranked].sort((a, b) => (isSimilarity ? b.affinity - a.affinity : a.affinity - b.affinity));
    const winner = order[0] as (typeof ranked)[number];
    return {
      value: winner.id,
      entityId: winner.id,
      affinities: new Map(ranked.map(({ id, affinity }) => [id, affinity])),
      ranking: order.map(({ id }) => id),
      ...(winner.name === undefined ? {} : { displayName: winner.name }),
    };
  };
};
