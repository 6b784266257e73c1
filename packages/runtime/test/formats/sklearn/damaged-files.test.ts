import { IsvcError } from 'cdk8s-kserve/api';
import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import { fixtureBytes, SUPPORTED_FIXTURES } from '../../support/sklearn-fixtures';

/** Attempts per file and kind of damage; raise it to search longer. */
const ATTEMPTS = Number(process.env.ISVC_FUZZ_ATTEMPTS ?? 60);

/** A small generator with a seed, so that a failure can be run again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Parses, and predicts where that works; whatever fails must be one of our errors. */
function outcome(bytes: Buffer, name: string): string {
  try {
    const model = sklearnFormat.parse(bytes, name);
    const input = { rows: 2, columns: model.features, data: new Float64Array(2 * model.features).fill(1.5) };
    expect(model.predict(input).data).toHaveLength(2);
    if (model.hasProbabilities) model.predict(input, { method: 'predict_proba' });
    return 'a model';
  } catch (error) {
    if (error instanceof IsvcError && error.code.startsWith('ISVC_MODEL_')) return error.code;
    throw error;
  }
}

describe.each(SUPPORTED_FIXTURES)('%s', (name) => {
  const bytes = fixtureBytes(name);

  test('cut short at any point it is corrupt, and says where', () => {
    const random = randomOf(1);
    const lengths = [1, 2, bytes.length - 1, ...Array.from({ length: ATTEMPTS }, () => random(bytes.length))];
    for (const length of lengths) expect([length, outcome(bytes.subarray(0, length), name)]).toEqual([length, 'ISVC_MODEL_CORRUPT']);
  });

  test('with bytes changed it is a typed error or still a model, never a crash', () => {
    const random = randomOf(2);
    const outcomes = new Set<string>();
    for (let attempt = 0; attempt < ATTEMPTS * 3; attempt++) {
      const damaged = Buffer.from(bytes);
      // Headers are where a changed byte does most, so half of the hits go to the first tenth.
      const reach = attempt % 2 === 0 ? damaged.length : Math.ceil(damaged.length / 10);
      for (let hit = 0; hit <= random(3); hit++) damaged[random(reach)] = random(256);
      outcomes.add(outcome(damaged, name));
    }
    expect(outcomes).toContain('ISVC_MODEL_CORRUPT');
  });

  test('with a piece copied over another it is a typed error or still a model', () => {
    const random = randomOf(3);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const damaged = Buffer.from(bytes);
      const from = random(bytes.length);
      bytes.copy(damaged, random(bytes.length), from, from + random(40));
      outcome(damaged, name);
    }
  });
});
