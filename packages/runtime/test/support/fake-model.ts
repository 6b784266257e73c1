import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, Model, OutputTensor, PredictOptions } from '../../src/model/model';

/** What a fake model was asked, so that a test can see what the server made of a request. */
export interface FakeModel extends Model {
  readonly asked: { readonly rows: readonly (readonly number[])[]; readonly options: PredictOptions | undefined }[];
}

export interface FakeModelOptions {
  readonly features?: number;
  readonly featureNames?: readonly string[];
  readonly hasProbabilities?: boolean;
  /** @default - INT64 sums of the rows, cut to integers */
  readonly answer?: (input: Matrix) => OutputTensor;
}

/** A model of four features that answers with the sum of each row. */
export function fakeModel(options: FakeModelOptions = {}): FakeModel {
  const features = options.features ?? 4;
  const asked: FakeModel['asked'] = [];
  return {
    asked,
    platform: 'fake',
    estimator: 'Fake',
    features,
    ...(options.featureNames ? { featureNames: options.featureNames } : {}),
    hasProbabilities: options.hasProbabilities ?? false,
    inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, features] }],
    outputs: [{ name: 'output-0', datatype: 'INT64', shape: [-1] }],
    predict(input, predictOptions) {
      const rows = rowsOf(input);
      asked.push({ rows, options: predictOptions });
      if (input.columns !== features) {
        throw new IsvcError('ISVC_INPUT_SHAPE', `the input has ${input.columns} columns, Fake expects ${features}`, { path: '/secret/model' });
      }
      if (options.answer) return options.answer(input);
      return { name: 'output-0', datatype: 'INT64', shape: [input.rows], data: Float64Array.from(rows, sum) };
    },
  };
}

function rowsOf({ rows, columns, data }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, r) => [...data.subarray(r * columns, (r + 1) * columns)]);
}

/** As the contract of INT64 output has it: always a safe integer. */
function sum(row: readonly number[]): number {
  const total = Math.trunc(row.reduce((a, b) => a + b, 0));
  return Number.isSafeInteger(total) ? total : 0;
}
