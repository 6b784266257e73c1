import { IsvcError } from 'cdk8s-kserve/api';
import { MODEL_FORMATS } from '../../../src/formats/registry';
import { tabular } from '../../../src/model/tabular';
import { boostingBytes, type Library, ownFiles, pickledFiles } from '../../support/boosting-fixtures';
import { changeBytes, changeDigit, copyPiece, flipBit, randomOf } from '../../support/damage';

/** Attempts per file and kind of damage; raise it to search longer. */
const ATTEMPTS = Number(process.env.ISVC_FUZZ_ATTEMPTS ?? 12);

const FILES = (['xgboost', 'lightgbm', 'catboost'] as const).flatMap((library) => [
  ...ownFiles(library).map((name) => [library, name, library] as const),
  ...pickledFiles(library).map((name) => [library, name, 'sklearn'] as const),
]);

/** Parses, and predicts where that works; whatever fails must be one of our errors. */
function outcome(bytes: Buffer, name: string, formatName: string): string {
  const format = MODEL_FORMATS.find((candidate) => candidate.name === formatName);
  if (!format) throw new Error(`no format ${formatName}`);
  try {
    const model = tabular(format.parse(bytes, name));
    if (model.features > 1e5) return 'a wide model';
    const data = new Float64Array(3 * model.features).fill(1.5);
    data.fill(Number.NaN, 0, model.features);
    expect(model.predict({ rows: 3, columns: model.features, data }).shape[0]).toBe(3);
    if (model.hasProbabilities) model.predict({ rows: 3, columns: model.features, data }, { method: 'predict_proba' });
    return 'a model';
  } catch (error) {
    if (error instanceof IsvcError && error.code.startsWith('ISVC_MODEL_')) return error.code;
    throw error;
  }
}

/** Where the part ends that a model cannot do without: LightGBM writes importances and parameters behind it. */
function neededLength(library: Library, bytes: Buffer): number {
  const end = library === 'lightgbm' ? bytes.indexOf('\nend of trees') : -1;
  return end < 0 ? bytes.length : end;
}

describe.each(FILES)('%s %s', (library, name, format) => {
  const bytes = boostingBytes(library, name);
  const random = randomOf(name.length);

  test('cut short it is a typed error', () => {
    // What a legacy binary has behind its trees are attributes that may be missing; joblib files end in one byte.
    const needed = name.endsWith('.bst') && library === 'xgboost' ? bytes.length - 400 : neededLength(library, bytes);
    const lengths = [0, 1, 2, needed - 1, ...Array.from({ length: ATTEMPTS }, () => random(needed))];
    for (const length of lengths) expect([length, outcome(bytes.subarray(0, length), name, format)]).toEqual([length, expect.stringMatching(/^ISVC_MODEL_/)]);
  });

  test('damaged in any way it is a typed error or still a model, never a crash', () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      outcome(changeBytes(bytes, attempt, random), name, format);
      outcome(flipBit(bytes, random), name, format);
      outcome(copyPiece(bytes, random), name, format);
      outcome(changeDigit(bytes, random), name, format);
    }
  });
});
