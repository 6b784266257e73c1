import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESTIMATORS } from '../../../src/formats/sklearn/estimators';
import { REFUSED_ESTIMATORS } from '../../../src/formats/sklearn/refused-estimators';
import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { instance, int, list, pickle, text, tuple } from '../../support/pickle-writer';

const PAGE = readFileSync(join(__dirname, '../../../../../docs/reference/model-formats.md'), 'utf8');

/** Names of all estimators by release, written by scripts/fixtures/sklearn_names.py. */
const RELEASES = JSON.parse(readFileSync(join(__dirname, '../../fixtures/sklearn-names.json'), 'utf8')) as Readonly<Record<string, readonly string[]>>;

const refused = REFUSED_ESTIMATORS.flatMap(({ names }) => names);

test.each(Object.entries(RELEASES))('every estimator of scikit-learn %s is evaluated or refused with a reason', (_release, names) => {
  expect(names.length).toBeGreaterThan(150);
  expect(names.filter((name) => !Object.hasOwn(ESTIMATORS, name) && !refused.includes(name))).toEqual([]);
});

test('no class is evaluated and refused, or refused twice', () => {
  expect(refused.filter((name, index) => Object.hasOwn(ESTIMATORS, name) || refused.indexOf(name) !== index)).toEqual([]);
});

test('the page has each refused class with its reason and its way out', () => {
  const rows = REFUSED_ESTIMATORS.map(({ names, why, wayOut }) => `| ${names.map((name) => `\`${name}\``).join(', ')} | ${why} | ${wayOut} |`);
  expect(rows.filter((row) => !PAGE.includes(row))).toEqual([]);
});

test('the page names every class that is evaluated, by itself, as a form of another or by a pattern', () => {
  const named = new Set(Array.from(PAGE.matchAll(/`(\w+\*?)`/g), ([, name = '']) => name));
  const isNamed = (name: string): boolean => named.has(name) || [...named].some((pattern) => pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)));
  const isForm = (name: string): boolean => isNamed(name.replace(/(CV|IC)$/, '')) || name.startsWith('Halving') || name.startsWith('_');
  expect(Object.keys(ESTIMATORS).filter((name) => !isNamed(name) && !isForm(name))).toEqual([]);
});

test('the message has the reason, alone and inside a pipeline', () => {
  const nmf = instance('sklearn.decomposition._nmf', 'NMF', { n_features_in_: int(2) });
  const pipeline = instance('sklearn.pipeline', 'Pipeline', { steps: list(tuple(text('topics'), nmf)) });
  for (const bytes of [pickle(nmf), pickle(pipeline)]) {
    expect(isvcErrorOf(() => sklearnFormat.parse(bytes, 'model.pkl'))).toMatchObject({
      code: 'ISVC_MODEL_UNSUPPORTED', message: expect.stringMatching(/holds sklearn\.decomposition\._nmf\.NMF.*, which solves a problem of its own/), hint: expect.stringContaining('TruncatedSVD'),
    });
  }
});
