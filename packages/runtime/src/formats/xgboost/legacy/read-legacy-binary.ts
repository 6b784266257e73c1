import { MAX_FEATURES, MAX_OUTPUTS } from '../../boosting/bounds';
import { objectiveOf } from '../objective';
import type { Ensemble, RawLinear, RawTree, RawTrees } from '../ensemble';
import { readLegacyTree } from './read-legacy-tree';
import { StructReader } from './struct-reader';

/** Bytes of the parameters of the learner, of a set of trees and of a linear model. */
const LEARNER = 136;
const TREES = 160;
const LINEAR = 136;

const MAGIC = 'binf';

/** Longest name of an objective; a length beyond it means that a file is of another format. */
const MAX_NAME = 64;

/** Whether the objective's name stands where this format has it, which is the best there is to tell it by. */
export function isLegacyBinary(bytes: Buffer): boolean {
  const start = startOf(bytes) + LEARNER;
  if (bytes.length < start + 8) return false;
  const length = Number(bytes.readBigUInt64LE(start));
  return length <= MAX_NAME && objectiveOf(bytes.toString('latin1', start + 8, start + 8 + length)) !== undefined;
}

/**
 * Reads the binary format that XGBoost wrote by default before 2.1 and read before 3.1. It has no feature names.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT at the byte in question.
 */
export function readLegacyBinary(bytes: Buffer, file: string): Ensemble {
  const input = new StructReader(bytes, file);
  input.struct(startOf(bytes));
  const { reader } = input;
  const learner = input.struct(LEARNER);
  const between = (value: number, lowest: number, highest: number, what: string): number => {
    if (!(value >= lowest && value <= highest)) throw reader.corrupt(`${what} must be from ${lowest} to ${highest}, is ${value}`, startOf(bytes));
    return value;
  };
  const features = between(learner.readUInt32LE(4), 1, MAX_FEATURES, 'the number of features');
  const classes = between(learner.readInt32LE(8), 0, MAX_OUTPUTS, 'the number of classes');
  const targets = between(learner.readUInt32LE(28), 0, MAX_OUTPUTS, 'the number of targets');
  const objective = input.text();
  const name = input.text();
  const booster = readBooster(input, name);
  const attributes = learner.readInt32LE(12) !== 0 && reader.remaining > 0 ? input.pairs() : new Map<string, string>();
  const best = Number(attributes.get('best_iteration') ?? Number.NaN);
  return {
    features,
    outputs: Math.max(classes, targets, 1),
    objective,
    baseScore: [learner.readFloatLE(0)],
    // The major version, which files have had since 1.0.
    baseScoreIsMargin: learner.readUInt32LE(20) < 1,
    booster,
    bestIteration: Number.isInteger(best) && best >= 0 ? best : undefined,
  };
}

function startOf(bytes: Buffer): number {
  return bytes.toString('latin1', 0, MAGIC.length) === MAGIC ? MAGIC.length : 0;
}

function readBooster(input: StructReader, name: string): RawTrees | RawLinear {
  switch (name) {
    case 'gbtree':
      return readTrees(input);
    case 'dart': {
      const trees = readTrees(input);
      return { ...trees, weights: trees.trees.length > 0 ? input.floats() : [] };
    }
    case 'gblinear':
      input.struct(LINEAR);
      return { kind: 'linear', weights: input.floats() };
    default:
      throw input.reader.corrupt(`there is no booster ${JSON.stringify(name.slice(0, 40))}; is this a model of XGBoost?`);
  }
}

function readTrees(input: StructReader): RawTrees {
  const parameters = input.struct(TREES);
  const count = parameters.readInt32LE(0);
  if (count < 0) throw input.reader.corrupt(`${count} trees`);
  const trees: RawTree[] = [];
  for (let index = 0; index < count; index++) trees.push(readLegacyTree(input));
  // Before 1.0 this place held the number of roots, which was one, too.
  return { kind: 'trees', trees, groups: input.ints(count), parallelTrees: Math.max(1, parameters.readInt32LE(4)) };
}
