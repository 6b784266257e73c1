import type { Datatype, OutputTensor } from '../../model/model';
import type { DocumentPart } from '../boosting/document-part';
import type { ClassNames } from './class-names';

/** How sums become an answer. */
export interface AnswerOfSums {
  readonly datatype: Datatype;
  readonly columns?: number | undefined;
  of(sums: Float64Array): OutputTensor['data'];
}

export interface Answers {
  readonly predict: AnswerOfSums;
  readonly probabilities?: AnswerOfSums;
}

const BINARY: readonly string[] = ['Logloss', 'CrossEntropy', 'Focal'];
const MULTI: readonly string[] = ['MultiClass', 'MultiClassOneVsAll'];
const EXPONENT: readonly string[] = ['Poisson', 'Tweedie'];
/** Sums are the answer; ranking losses score. */
const NUMBERS: readonly string[] = [
  'RMSE', 'MAE', 'Quantile', 'MultiQuantile', 'LogLinQuantile', 'MAPE', 'Huber', 'Expectile', 'Lq', 'MultiRMSE', 'MultiRMSEWithMissingValues', 'LogCosh',
  'QueryRMSE', 'QuerySoftMax', 'PairLogit', 'PairLogitPairwise', 'YetiRank', 'YetiRankPairwise', 'LambdaMart', 'StochasticRank', 'QueryCrossEntropy',
];

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for a loss function that is not known. */
export function answersOf(loss: string, outputs: number, part: DocumentPart, classNames: () => ClassNames): Answers {
  if (BINARY.includes(loss)) return binary(outputs, part, classNames());
  if (MULTI.includes(loss)) return multi(loss, outputs, part, classNames());
  const columns = outputs === 1 ? undefined : outputs;
  if (EXPONENT.includes(loss)) return { predict: { datatype: 'FP64', columns, of: (sums) => sums.map(Math.exp) } };
  if (NUMBERS.includes(loss)) return { predict: { datatype: 'FP64', columns, of: (sums) => sums } };
  throw part.unsupported(
    `was trained with the loss function ${JSON.stringify(loss.slice(0, 40))}, which is not evaluated here; supported are ${[...BINARY, ...MULTI, ...EXPONENT, ...NUMBERS].join(', ')}`,
    'export the model as ONNX',
  );
}

function binary(outputs: number, part: DocumentPart, names: ClassNames): Answers {
  if (outputs !== 1 || names.count !== 2) throw part.corrupt(`has ${outputs} scores for two classes`);
  return {
    predict: { datatype: names.datatype, of: (sums) => names.take(Int32Array.from(sums, (sum) => (sum > 0 ? 1 : 0))) },
    probabilities: {
      datatype: 'FP64',
      columns: 2,
      of: (sums) => {
        const probabilities = new Float64Array(sums.length * 2);
        sums.forEach((sum, row) => probabilities.set([1 - sigmoid(sum), sigmoid(sum)], row * 2));
        return probabilities;
      },
    },
  };
}

function multi(loss: string, outputs: number, part: DocumentPart, names: ClassNames): Answers {
  if (outputs < 2) throw part.corrupt(`has ${outputs} score for several classes`);
  return {
    predict: { datatype: names.datatype, of: (sums) => names.take(largestOf(sums, outputs)) },
    probabilities: { datatype: 'FP64', columns: outputs, of: (sums) => (loss === 'MultiClass' ? softmax(sums, outputs) : sums.map(sigmoid)) },
  };
}

function sigmoid(sum: number): number {
  return 1 / (1 + Math.exp(-sum));
}

/** The index of the largest number of each row; of equal ones the first. */
function largestOf(sums: Float64Array, outputs: number): Int32Array {
  return Int32Array.from({ length: sums.length / outputs }, (_, row) => {
    let best = 0;
    for (let output = 1; output < outputs; output++) if ((sums[row * outputs + output] as number) > (sums[row * outputs + best] as number)) best = output;
    return best;
  });
}

function softmax(sums: Float64Array, outputs: number): Float64Array {
  const probabilities = new Float64Array(sums.length);
  for (let start = 0; start < sums.length; start += outputs) {
    const row = sums.subarray(start, start + outputs);
    let largest = -Infinity;
    for (const sum of row) largest = Math.max(largest, sum);
    let total = 0;
    row.forEach((sum, index) => {
      probabilities[start + index] = Math.exp(sum - largest);
      total += probabilities[start + index] as number;
    });
    for (let index = start; index < start + outputs; index++) probabilities[index] = (probabilities[index] as number) / total;
  }
  return probabilities;
}
