import type { Matrix, Model, OutputTensor, PredictOptions } from '../../model/model';

/** Wrappers whose files hold a plain booster and whose answers are labels. */
const CLASSIFIERS: readonly string[] = ['xgboost.sklearn.XGBClassifier', 'xgboost.sklearn.XGBRFClassifier'];

/**
 * The booster of a classifier as the classifier: classes by number in place of probabilities. MLflow saves the booster,
 * loads it into the wrapper, and answers labels.
 */
export function asClassifier(model: Model, modelClass: string | undefined): Model {
  if (modelClass === undefined || !CLASSIFIERS.includes(modelClass)) return model;
  const predict = (input: Matrix, options?: PredictOptions): OutputTensor => {
    const scores = model.predict(input, { method: 'predict' });
    return options?.method === 'predict_proba' ? probabilities(scores) : labels(scores);
  };
  const outputs = [{ name: model.outputs[0]?.name ?? 'output-0', datatype: 'INT64', shape: [-1] }] as const;
  return {
    ...model,
    platform: model.platform,
    estimator: modelClass.slice(modelClass.lastIndexOf('.') + 1),
    inputs: model.inputs,
    features: model.features,
    ...(model.featureNames ? { featureNames: model.featureNames } : {}),
    ...(model.takesMissingColumns === undefined ? {} : { takesMissingColumns: model.takesMissingColumns }),
    outputs,
    hasProbabilities: true,
    methods: ['predict', 'predict_proba'],
    predict,
  };
}

function labels({ name, shape, data }: OutputTensor): OutputTensor {
  const [rows = 0, classes] = shape;
  const values = data as Float32Array;
  const best = (row: number): number => {
    if (classes === undefined) return (values[row] as number) > 0.5 ? 1 : 0;
    let at = 0;
    for (let c = 1; c < classes; c++) if ((values[row * classes + c] as number) > (values[row * classes + at] as number)) at = c;
    return at;
  };
  return { name, datatype: 'INT64', shape: [rows], data: Float64Array.from({ length: rows }, (_, row) => best(row)) };
}

function probabilities(scores: OutputTensor): OutputTensor {
  const [rows = 0, classes] = scores.shape;
  if (classes !== undefined) return scores;
  const values = scores.data as Float32Array;
  return { ...scores, shape: [rows, 2], data: Float32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 1 ? (values[i >> 1] as number) : 1 - (values[i >> 1] as number))) };
}
