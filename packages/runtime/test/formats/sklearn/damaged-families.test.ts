import { inflateSync } from 'node:zlib';
import { IsvcError } from 'cdk8s-kserve/api';
import { sklearnFormat } from '../../../src/formats/sklearn/sklearn-format';
import type { Model } from '../../../src/model/model';
import { type FamilyCase, readFamilies, tableOf } from '../../support/sklearn-families';

/** Damaged copies of each model; more with ISVC_FUZZ_RUNS, for a long run. */
const COPIES = Number(process.env['ISVC_FUZZ_RUNS'] ?? 6);

const SEED = 20261121;

/** Numbers that make the worst sizes, indices and floats when they replace some of a file. */
const NASTY: readonly (readonly number[])[] = [[0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0], [0xff], [0x80], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0, 0, 0, 0xf0, 0x7f], [0x4e], [0x7d]];

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

function damaged(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * copy.length);
    if (random() < 0.5) copy[at] = (copy[at] as number) ^ (1 << Math.floor(random() * 8));
    else Buffer.from(NASTY[Math.floor(random() * NASTY.length)] as number[]).copy(copy, at);
  }
  return copy;
}

/** What happened: refused, answered, or something that must not happen. */
function outcome(one: FamilyCase, bytes: Buffer): string {
  let model: Model;
  try {
    model = sklearnFormat.parse(bytes, 'model.pkl');
  } catch (error) {
    return error instanceof IsvcError ? 'refused' : `parse: ${String((error as Error).stack)}`;
  }
  for (const method of model.methods ?? []) {
    try {
      model.predict(tableOf(one.rows.slice(0, 3)), { method });
    } catch (error) {
      if (!(error instanceof IsvcError)) return `${method}: ${String((error as Error).stack)}`;
    }
  }
  return 'answered';
}

const newest = readFamilies().filter(({ versions }) => versions['scikit-learn']?.startsWith('1.9'));

test.each(newest.map((family) => [family.family, family] as const))('damaged models of the family %s are refused or answer, and nothing else happens', (_family, { cases }) => {
  const random = randomFrom(SEED);
  const outcomes = new Map<string, number>();
  for (const one of cases) {
    const bytes = one.pickle[0] === 0x78 ? inflateSync(one.pickle) : one.pickle;
    for (let copy = 0; copy < COPIES; copy++) {
      const what = outcome(one, damaged(bytes, random));
      outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    }
  }
  expect([...outcomes.keys()].filter((what) => what !== 'refused' && what !== 'answered')).toEqual([]);
  expect(outcomes.get('refused')).toBeGreaterThan(0);
});
