import type { Matrix } from '../../model/model';
import { MAX_FEATURES, MAX_OUTPUTS } from '../boosting/bounds';
import { readObjective, type Transform } from './objective';
import { PackedTrees } from './packed-trees';
import { readBlocks } from './read-blocks';
import { readTree } from './read-tree';

/** Rows walked through one tree before the next: enough that the tree stays in the cache, few enough that the rows do. */
const BLOCK_ROWS = 128;

/** A checked booster of LightGBM. */
export interface LightgbmBooster {
  readonly features: number;
  readonly featureNames: readonly string[];
  /** Numbers answered for each row. */
  readonly outputs: number;
  /** Writes `outputs` numbers for each row, after the transform of the objective. */
  predict(input: Matrix): Float64Array;
}

/**
 * Reads the text that `save_model` and `model_to_string` write.
 *
 * @param rounds use only so many of the first ones. @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED.
 */
export function readBooster(bytes: Buffer, file: string, rounds?: number): LightgbmBooster {
  const { header, trees: blocks } = readBlocks(bytes, file);
  if (!header.has('tree')) throw header.corrupt('does not begin with "tree": this is no model of LightGBM');
  const features = header.integer('max_feature_idx', 0, MAX_FEATURES - 1) + 1;
  const outputs = header.integer('num_tree_per_iteration', 1, MAX_OUTPUTS);
  header.integer('num_class', 1, MAX_OUTPUTS);
  const featureNames = header.text('feature_names').split(' ');
  if (featureNames.length !== features) throw header.corrupt(`has ${featureNames.length} feature_names for ${features} features`);
  if (new Set(featureNames).size !== features) throw header.corrupt('has a feature name twice');
  if (blocks.length % outputs !== 0) throw header.corrupt(`has ${blocks.length} trees, which is no multiple of num_tree_per_iteration (${outputs})`);
  const used = blocks.slice(0, rounds === undefined ? blocks.length : rounds * outputs);
  const packed = new PackedTrees(used.map((block) => readTree(block, features)), features, (tree, problem) => {
    throw (used[tree] ?? header).corrupt(`: ${problem}`);
  });
  const averages = header.has('average_output');
  if (averages && used.length === 0) throw header.corrupt('has an average of no trees');
  return { features, featureNames, outputs, predict: predictorOf(packed, outputs, averages ? used.length / outputs : 1, readObjective(header)) };
}

function predictorOf(trees: PackedTrees, outputs: number, divisor: number, transform: Transform): LightgbmBooster['predict'] {
  const kernel = trees.kernel(outputs);
  return ({ rows, columns, data }) => {
    const sums = new Float64Array(rows * outputs);
    kernel?.add(data, columns, 0, rows, sums);
    for (let first = 0; !kernel && first < rows; first += BLOCK_ROWS) {
      const end = Math.min(first + BLOCK_ROWS, rows);
      const plain = trees.isPlain && !holdsNaN(data, first * columns, end * columns);
      for (let tree = 0; tree < trees.count; tree++) trees.addAnswers(tree, data, first, end, sums, outputs, first * outputs + (tree % outputs), plain);
    }
    for (let start = 0; start < sums.length; start += outputs) {
      if (divisor !== 1) for (let index = start; index < start + outputs; index++) sums[index] = (sums[index] as number) / divisor;
      transform(sums, start, outputs);
    }
    return sums;
  };
}

function holdsNaN(data: Float64Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (Number.isNaN(data[index])) return true;
  return false;
}
