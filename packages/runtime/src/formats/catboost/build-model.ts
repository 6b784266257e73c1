import type { Matrix, Model } from '../../model/model';
import { MAX_OUTPUTS } from '../boosting/bounds';
import { type Answer, BoosterModel } from '../boosting/booster-model';
import { DocumentPart } from '../boosting/document-part';
import { readBranchingTrees } from './branching-trees';
import { readClassNames } from './class-names';
import { readFeatures } from './features';
import { answersOf } from './loss-function';
import { readObliviousTrees } from './oblivious-trees';
import { sumsOf } from './sums';

/**
 * A CatBoost model, answering as `CatBoostClassifier` and `CatBoostRegressor` do: labels and probabilities, or numbers.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED for features and loss functions that are not evaluated.
 */
export function buildModel(document: DocumentPart): Model {
  const features = readFeatures(document.part('features_info'));
  const { scale, bias } = readScaleAndBias(document.part('scale_and_bias'));
  const outputs = bias.length;
  const trees = document.has('trees')
    ? readBranchingTrees(document.part('trees').items(), features.columns, outputs)
    : readObliviousTrees(document.part('oblivious_trees').items(), features.columns, outputs);
  const information = document.part('model_info');
  const loss = readLoss(information);
  const sums = sumsOf(trees, features, scale, bias);
  const answers = answersOf(loss, outputs, information, () => readClassNames(information.optional('class_params'), Math.max(2, outputs)));
  const answer = ({ datatype, columns, of }: typeof answers.predict): Answer => ({ datatype, columns, compute: (input: Matrix) => of(sums(input)) });
  return new BoosterModel({
    platform: 'catboost',
    estimator: `CatBoost (${loss})`,
    inputDatatype: 'FP32',
    features: features.count,
    featureNames: features.names,
    predict: answer(answers.predict),
    ...(answers.probabilities ? { probabilities: answer(answers.probabilities) } : {}),
  });
}

/** The name of the loss function; the parameters of a training are a document in a document in some releases. */
function readLoss(information: DocumentPart): string {
  const parameters = information.part('params');
  const opened = typeof parameters.value === 'string' ? new DocumentPart(parsed(parameters), parameters.file, parameters.path) : parameters;
  return opened.part('loss_function').part('type').text();
}

function parsed(part: DocumentPart): unknown {
  try {
    return JSON.parse(part.text());
  } catch {
    throw part.corrupt('is no JSON');
  }
}

/** `[scale, [bias, ...]]`, with a bare number for one bias in older releases. */
function readScaleAndBias(part: DocumentPart): { readonly scale: number; readonly bias: Float64Array } {
  const [scale, bias] = part.items();
  if (!scale || !bias) throw part.corrupt('is not a scale and a bias');
  const biases = typeof bias.value === 'number' ? Float64Array.of(bias.value) : Float64Array.from(bias.numbers());
  if (biases.length < 1 || biases.length > MAX_OUTPUTS) throw bias.corrupt(`has ${biases.length} numbers; from 1 to ${MAX_OUTPUTS} are possible`);
  return { scale: scale.number(), bias: biases };
}
