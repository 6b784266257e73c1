import { OPCODE_NAMES } from '../../../src/formats/pickle/opcode-names';
import { call, dict, named, pickle, text, tuple } from '../../support/pickle-writer';
import { type Artifact, type HostileSource, oneOf, type Random, REFUSED } from '../artifact';

const OPCODES = Object.keys(OPCODE_NAMES).map(Number).filter((opcode) => opcode !== 0x2e);

/** Values that lengths, indices and numbers behind an opcode are given. */
const LIES: readonly Buffer[] = [
  Buffer.of(0), Buffer.of(1), Buffer.of(0x7f), Buffer.of(0xff), Buffer.of(0xff, 0xff), Buffer.of(0xff, 0xff, 0xff, 0x7f), Buffer.of(0xff, 0xff, 0xff, 0xff),
  Buffer.of(0, 0, 0, 0x40), Buffer.alloc(8, 0xff), Buffer.of(0, 0, 0, 0, 0, 0, 0x20, 0), Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
  Buffer.from('\n'), Buffer.from('-1\n'), Buffer.from('99999999999999999999\n'), Buffer.from("'a'\n"), Buffer.from('1e999\n'), Buffer.from('nan\n'),
];

/** Pieces that keep a stack machine going for a while. */
const PIECES: readonly (() => Buffer)[] = [
  () => Buffer.of(0x28), () => Buffer.of(0x5d), () => Buffer.of(0x7d), () => Buffer.of(0x29), () => Buffer.of(0x32), () => Buffer.of(0x94), () => Buffer.of(0x68, 0),
  () => Buffer.of(0x4e), () => Buffer.of(0x71, 0), () => Buffer.of(0x8f), () => text('n_features_in_'), () => call('sklearn.svm._classes', 'SVC'),
  () => named('numpy', 'ndarray'), () => tuple(), () => dict({ a: tuple() }), () => Buffer.of(0x65), () => Buffer.of(0x62), () => Buffer.of(0x52), () => Buffer.of(0x85),
];

/** Programs of opcodes that no pickler writes: what is left at the end is no fitted estimator, so they never load. */
export const picklePrograms: HostileSource = {
  name: 'pickle: random programs',
  makes: 'opcodes in any order, memo and stack tricks, lengths that lie',
  share: 1600,
  make: (random: Random): Artifact => {
    const parts: Buffer[] = [];
    for (let left = 1 + random(60); left > 0; left--) {
      const kind = random(10);
      if (kind < 5) parts.push(oneOf(random, PIECES)());
      else {
        parts.push(Buffer.of(oneOf(random, OPCODES)));
        if (kind > 6) parts.push(oneOf(random, LIES));
      }
    }
    return { name: 'model.pkl', bytes: pickle(Buffer.concat(parts)), label: 'random program', refused: REFUSED };
  },
};
