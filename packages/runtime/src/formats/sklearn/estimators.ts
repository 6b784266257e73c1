import type { EstimatorBuilder } from './estimator';
import { buildSvc } from './svm/svc';
import { buildDecisionTreeClassifier } from './tree/decision-tree-classifier';
import { buildForestClassifier } from './tree/forest-classifier';

/** Builders by class name. Modules are not looked at: scikit-learn has renamed most of them, and no class name occurs twice. */
export const ESTIMATORS: Readonly<Record<string, EstimatorBuilder>> = {
  DecisionTreeClassifier: buildDecisionTreeClassifier,
  ExtraTreeClassifier: buildDecisionTreeClassifier,
  ExtraTreesClassifier: buildForestClassifier,
  NuSVC: buildSvc,
  RandomForestClassifier: buildForestClassifier,
  SVC: buildSvc,
};
