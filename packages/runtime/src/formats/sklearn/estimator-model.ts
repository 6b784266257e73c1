import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, Model, OutputTensor, PredictMethod, PredictOptions, TensorSpec } from '../../model/model';
import { checkMatrix } from './check-matrix';
import type { Classifier, Estimator, RowNumbers } from './estimator';
import { blocksOf, joined } from './row-blocks';

/** Names of the one input and the one output, as KServe's server calls them. */
const INPUT_NAME = 'input-0';
const OUTPUT_NAME = 'output-0';

/** Numbers in the largest matrix of one step: rows are taken in blocks, so that a wide vocabulary does not fill the memory. */
const BLOCK_NUMBERS = 1 << 23;

/** A fitted estimator as the model a server serves. */
export class EstimatorModel implements Model {
  readonly platform: string;
  readonly estimator: string;
  readonly features: number;
  readonly featureNames?: readonly string[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly hasProbabilities: boolean;
  readonly takesText: boolean;
  readonly methods: readonly PredictMethod[];
  private readonly fitted: Estimator;
  private readonly blockRows: number;
  /** Class indices of one small batch, so that the usual request allocates nothing but its answer. */
  private readonly indices = new Int32Array(64);

  constructor(fitted: Estimator, platform: string) {
    const { name, features, featureNames, input } = fitted;
    this.fitted = fitted;
    this.platform = platform;
    this.estimator = name;
    this.features = features;
    if (featureNames) this.featureNames = featureNames;
    this.takesText = input.allowsText === true;
    this.inputs = [{ name: INPUT_NAME, datatype: this.takesText ? 'BYTES' : 'FP64', shape: [-1, features] }];
    this.methods = methodsOf(fitted);
    this.hasProbabilities = this.methods.includes('predict_proba');
    this.outputs = [outputOf(fitted)];
    // Probabilities of several outputs do not lie row after row, so that parts of them cannot be joined.
    this.blockRows = fitted.kind === 'multi-classifier' ? Infinity : Math.max(1, Math.floor(BLOCK_NUMBERS / (fitted.widest ?? features)));
  }

  predict(input: Matrix, options?: PredictOptions): OutputTensor {
    checkMatrix(input, this.features, this.fitted.input, this.estimator);
    const method = options?.method ?? 'predict';
    if (!this.methods.includes(method)) throw this.lacks(method);
    if (input.rows <= this.blockRows) return this.answer(input, method);
    return joined(blocksOf(input, this.blockRows).map((block) => this.answer(block, method)));
  }

  private answer(input: Matrix, method: PredictMethod): OutputTensor {
    const { fitted } = this;
    // KServe differs: it fails for a model that only transforms.
    if (method === 'transform' || fitted.kind === 'transformer') return this.transformed(input);
    if (method === 'decision_function') return this.numbers(input, fitted.decision as RowNumbers, 'FP64');
    if (fitted.kind === 'regressor' && method === 'predict_proba') return this.numbers(input, fitted.labelProbabilities as RowNumbers, 'FP64');
    if (fitted.kind === 'regressor') return this.numbers(input, fitted.values, fitted.datatype);
    if (fitted.kind === 'multi-classifier') return method === 'predict' ? this.severalLabels(input, fitted.outputs) : this.severalProbabilities(input, fitted.outputs);
    return method === 'predict' ? this.labels(input, fitted) : this.probabilities(input, fitted);
  }

  private labels(input: Matrix, classifier: Classifier): OutputTensor {
    const indices = input.rows <= this.indices.length ? this.indices : new Int32Array(input.rows);
    classifier.classify(input, indices);
    return { name: OUTPUT_NAME, datatype: classifier.labels.datatype, shape: [input.rows], data: classifier.labels.take(indices, input.rows) };
  }

  private probabilities(input: Matrix, classifier: Classifier): OutputTensor {
    const { count } = classifier.labels;
    const data = new Float64Array(input.rows * count);
    classifier.probabilities(input, data);
    const datatype = classifier.probabilityDatatype ?? 'FP64';
    return { name: OUTPUT_NAME, datatype, shape: [input.rows, count], data: datatype === 'FP32' ? Float32Array.from(data) : data };
  }

  private numbers(input: Matrix, { columns, flat, fill }: RowNumbers, datatype: 'FP32' | 'FP64' | 'INT64'): OutputTensor {
    const data = new Float64Array(input.rows * columns);
    fill(input, data);
    return { name: OUTPUT_NAME, datatype, shape: flat ? [input.rows] : [input.rows, columns], data: datatype === 'FP32' ? Float32Array.from(data) : data };
  }

  private transformed(input: Matrix): OutputTensor {
    const { transform } = this.fitted;
    if (!transform) throw this.lacks('transform');
    const { rows, columns, data, texts } = transform.apply(input);
    if (!texts) return { name: OUTPUT_NAME, datatype: 'FP64', shape: [rows, columns], data };
    const cells = Array.from(data, (value, index) => texts.get(index % columns)?.[Math.floor(index / columns)] ?? String(value));
    return { name: OUTPUT_NAME, datatype: 'BYTES', shape: [rows, columns], data: cells };
  }

  /** One column of labels for each output; types that differ meet as text, as in NumPy. */
  private severalLabels(input: Matrix, outputs: readonly Classifier[]): OutputTensor {
    const columns = outputs.map((classifier) => this.labels(input, classifier));
    const [first] = columns;
    const same = first !== undefined && columns.every((column) => column.datatype === first.datatype);
    const cells = Array.from({ length: input.rows * columns.length }, (_, index) => {
      const label = columns[index % columns.length]?.data[Math.floor(index / columns.length)] ?? '';
      return same ? label : String(label);
    });
    const shape = [input.rows, columns.length];
    if (!same || first.datatype === 'BYTES') return { name: OUTPUT_NAME, datatype: 'BYTES', shape, data: cells.map(String) };
    // One output may have labels beyond 53 bits where another has not.
    if (cells.some((cell) => typeof cell === 'bigint')) return { name: OUTPUT_NAME, datatype: first.datatype, shape, data: BigInt64Array.from(cells, BigInt) };
    const Typed = first.data.constructor as new (values: number[]) => Float64Array | Int32Array | Uint8Array;
    return { name: OUTPUT_NAME, datatype: first.datatype, shape, data: new Typed(cells as number[]) };
  }

  /** scikit-learn answers a list of matrices, which KServe stacks: outputs, rows, classes. */
  private severalProbabilities(input: Matrix, outputs: readonly Classifier[]): OutputTensor {
    const count = outputs[0]?.labels.count ?? 0;
    const data = new Float64Array(outputs.length * input.rows * count);
    outputs.forEach((classifier, index) => {
      classifier.probabilities(input, data.subarray(index * input.rows * count, (index + 1) * input.rows * count));
    });
    return { name: OUTPUT_NAME, datatype: 'FP64', shape: [outputs.length, input.rows, count], data };
  }

  private lacks(method: PredictMethod): IsvcError {
    const problem = method === 'predict_proba' ? 'was fitted without probabilities' : `has no ${method}`;
    return new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', `${this.estimator} ${problem}; it has ${this.methods.join(', ')}`, {
      hint: method === 'predict_proba' ? 'fit it with probability=True, or ask for predict' : 'ask for one of the methods it has',
    });
  }
}

function methodsOf(fitted: Estimator): readonly PredictMethod[] {
  const methods: PredictMethod[] = ['predict'];
  if (fitted.kind === 'classifier' && fitted.hasProbabilities) methods.push('predict_proba');
  if (fitted.kind === 'multi-classifier' && haveEqualProbabilities(fitted.outputs)) methods.push('predict_proba');
  if (fitted.kind === 'regressor' && fitted.labelProbabilities) methods.push('predict_proba');
  if (fitted.decision) methods.push('decision_function');
  if (fitted.transform) methods.push('transform');
  return methods;
}

function haveEqualProbabilities(outputs: readonly Classifier[]): boolean {
  return outputs.every(({ hasProbabilities, labels }) => hasProbabilities && labels.count === outputs[0]?.labels.count);
}

function outputOf(fitted: Estimator): TensorSpec {
  switch (fitted.kind) {
    case 'classifier':
      return { name: OUTPUT_NAME, datatype: fitted.labels.datatype, shape: [-1] };
    case 'regressor':
      return { name: OUTPUT_NAME, datatype: fitted.datatype, shape: fitted.values.flat ? [-1] : [-1, fitted.values.columns] };
    case 'multi-classifier':
      return { name: OUTPUT_NAME, datatype: fitted.outputs[0]?.labels.datatype ?? 'BYTES', shape: [-1, fitted.outputs.length] };
    case 'transformer':
      return { name: OUTPUT_NAME, datatype: 'FP64', shape: [-1, fitted.transform.columns] };
  }
}
