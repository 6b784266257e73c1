import { defineTransformations } from './fields/derived-fields';
import type { DataField } from './fields/data-dictionary';
import { type InputField, type TargetField, defineInputs, defineSegmentFields, readTarget } from './fields/mining-schema';
import type { Scope } from './fields/scope';
import { compileClustering } from './models/clustering';
import { compileGeneralRegression } from './models/general-regression';
import { compileMining } from './models/mining';
import { type CompileModelKind, type CompiledModel, FUNCTION_NAMES } from './models/model';
import { compileNaiveBayes } from './models/naive-bayes';
import { compileNeuralNetwork } from './models/neural-network';
import { compileRegression } from './models/regression';
import { compileScorecard } from './models/scorecard';
import { compileSupportVectorMachine } from './models/support-vector-machine';
import { compileTree } from './models/tree';
import { type OutputField, compileOutputs } from './outputs';
import { compileTargets } from './targets';
import type { Element } from './xml/element';

/** Every kind of model that is read; a new one is one file and one line here. */
const MODELS: Readonly<Record<string, CompileModelKind>> = {
  RegressionModel: compileRegression,
  GeneralRegressionModel: compileGeneralRegression,
  TreeModel: compileTree,
  MiningModel: compileMining,
  NeuralNetwork: compileNeuralNetwork,
  NaiveBayesModel: compileNaiveBayes,
  Scorecard: compileScorecard,
  ClusteringModel: compileClustering,
  SupportVectorMachineModel: compileSupportVectorMachine,
};

/** Names of the models, for documentation. */
export const MODEL_NAMES: readonly string[] = Object.keys(MODELS);

/** Kinds of models that PMML has and that are not read, so that such a document is told from a damaged one. */
const OTHERS = [
  'AnomalyDetectionModel', 'AssociationModel', 'BaselineModel', 'BayesianNetworkModel', 'GaussianProcessModel', 'NearestNeighborModel', 'RuleSetModel', 'SequenceModel', 'TextModel',
  'TimeSeriesModel',
];

/** The model of a document with the fields that a request gives. */
export interface RootModel extends CompiledModel {
  readonly element: Element;
  readonly inputs: readonly InputField[];
}

/** @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED. */
export function compileRootModel(root: Element, dictionary: ReadonlyMap<string, DataField>, scope: Scope): RootModel {
  const candidates = root.all(...MODEL_NAMES, ...OTHERS);
  const element = candidates.find((one) => one.flag('isScorable', true));
  if (!element) throw root.corrupt('has no model that can be scored');
  const inner = scope.inside(element);
  const inputs = defineInputs(element, dictionary, inner);
  // Shared transformations name fields of the model's schema.
  defineTransformations(root.child('TransformationDictionary'), inner);
  return { element, inputs, ...compile(element, inner, dictionary, undefined) };
}

function compile(element: Element, scope: Scope, dictionary: ReadonlyMap<string, DataField>, around: TargetField | undefined): CompiledModel {
  const kind = MODELS[element.name];
  if (!kind) throw element.unsupported(`is a kind of model that is not read; known are ${MODEL_NAMES.join(', ')}`);
  const functionName = element.oneOf('functionName', FUNCTION_NAMES);
  const target = readTarget(element, dictionary) ?? around;
  defineTransformations(element.child('LocalTransformations'), scope);
  const round = element.oneOf('x-mathContext', ['float', 'double'], 'double') === 'float' ? Math.fround : (value: number): number => value;
  const innerResults: OutputField[] = [];
  const predict = kind(element, {
    scope, dictionary, functionName, round, innerResults, ...(target ? { target } : {}),
    compile(segment, outer) {
      const inner = outer.inside(segment);
      defineSegmentFields(segment, dictionary, inner, outer);
      return compile(segment, inner, dictionary, target);
    },
  });
  const retarget = compileTargets(element, target, functionName);
  const outputs = compileOutputs(element, scope, target);
  return {
    functionName,
    outputs,
    results: [...innerResults, ...outputs],
    ...(target ? { target } : {}),
    evaluate(row) {
      const prediction = retarget(predict(row));
      for (const { store } of outputs) store(prediction, row);
      return prediction;
    },
  };
}
