import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import { differencesOf, readFamilies, tableOf } from '../../support/sklearn-families';

/** Largest relative difference; models that compute in single precision have a wider one. */
const TOLERANCE = 1e-6;
const SINGLE_TOLERANCE = 1e-5;

const families = readFamilies();

describe.each(families.map((family) => [`${family.family} of scikit-learn ${family.versions['scikit-learn']}`, family] as const))('%s', (_title, { cases }) => {
  test.each(cases.map((one) => [one.name, one] as const))('%s answers as scikit-learn does, whatever it is asked for', (_name, one) => {
    const model = sklearnFormat.parse(one.pickle, `${one.name}.pkl`);
    const tolerance = one.name.includes('float32') ? SINGLE_TOLERANCE : TOLERANCE;
    const differences = differencesOf(model, one);
    expect([...differences].filter(([, difference]) => !(difference < tolerance))).toEqual([]);
    expect(model.hasProbabilities).toBe(one.answers.predict_proba !== undefined);
    const own = (model.methods ?? []).filter((method) => method !== 'predict' || one.answers.predict !== undefined);
    expect([...own].sort()).toEqual(Object.keys(one.answers).sort());
  });

  test.each(cases.map((one) => [one.name, one] as const))('%s answers a row alone as it does among others', (_name, one) => {
    const model = sklearnFormat.parse(one.pickle, `${one.name}.pkl`);
    const together = model.predict(tableOf(one.rows));
    const width = together.data.length / one.rows.length;
    for (let row = 0; row < one.rows.length; row += 7) {
      const alone = model.predict(tableOf(one.rows.slice(row, row + 1)));
      expect(Array.from(alone.data as ArrayLike<unknown>)).toEqual(Array.from(together.data as ArrayLike<unknown>).slice(row * width, (row + 1) * width));
    }
  });
});
