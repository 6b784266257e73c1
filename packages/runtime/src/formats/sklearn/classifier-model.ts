import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, Model, OutputTensor, PredictOptions, TensorSpec } from '../../model/model';
import { checkMatrix } from './check-matrix';
import type { Classifier } from './estimator';

/** Names of the one input and the one output, as KServe's server calls them. */
const INPUT_NAME = 'input-0';
const OUTPUT_NAME = 'output-0';

/** A classifier as the model a server serves. */
export class ClassifierModel implements Model {
  readonly platform: string;
  readonly estimator: string;
  readonly features: number;
  readonly featureNames?: readonly string[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly hasProbabilities: boolean;
  private readonly classifier: Classifier;
  /** Class indices of one small batch, so that the usual request allocates nothing but its answer. */
  private readonly indices = new Int32Array(64);

  constructor(classifier: Classifier, platform: string) {
    const { name, features, featureNames, labels, hasProbabilities } = classifier;
    this.classifier = classifier;
    this.platform = platform;
    this.estimator = name;
    this.features = features;
    if (featureNames) this.featureNames = featureNames;
    this.inputs = [{ name: INPUT_NAME, datatype: 'FP64', shape: [-1, features] }];
    this.outputs = [{ name: OUTPUT_NAME, datatype: labels.datatype, shape: [-1] }];
    this.hasProbabilities = hasProbabilities;
  }

  predict(input: Matrix, options?: PredictOptions): OutputTensor {
    checkMatrix(input, this.features, this.classifier.input, this.estimator);
    return options?.method === 'predict_proba' ? this.predictProbabilities(input) : this.predictLabels(input);
  }

  private predictLabels(input: Matrix): OutputTensor {
    const { labels } = this.classifier;
    const indices = input.rows <= this.indices.length ? this.indices : new Int32Array(input.rows);
    this.classifier.classify(input, indices);
    return { name: OUTPUT_NAME, datatype: labels.datatype, shape: [input.rows], data: labels.take(indices, input.rows) };
  }

  private predictProbabilities(input: Matrix): OutputTensor {
    const { classifier } = this;
    if (!this.hasProbabilities) {
      throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', `${this.estimator} was fitted without probabilities`, {
        hint: 'fit it with probability=True, or ask for predict',
      });
    }
    const { count } = classifier.labels;
    const probabilities = new Float64Array(input.rows * count);
    classifier.probabilities(input, probabilities);
    return { name: OUTPUT_NAME, datatype: 'FP64', shape: [input.rows, count], data: probabilities };
  }
}
