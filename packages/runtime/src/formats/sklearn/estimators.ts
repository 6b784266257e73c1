import { buildPipeline } from './compose/pipeline';
import type { EstimatorBuilder } from './estimator';
import { buildLinearClassifier, buildLogisticRegression, buildRidgeClassifier, buildSgdClassifier } from './linear/linear-classifier';
import { buildLinearRegressor, buildLogLinkRegressor, buildTweedieRegressor } from './linear/linear-regressor';
import { buildKBinsDiscretizer } from './preprocessing/k-bins-discretizer';
import { buildBinarizer, buildNormalizer } from './preprocessing/normalizer';
import { buildPolynomialFeatures } from './preprocessing/polynomial-features';
import { buildPowerTransformer } from './preprocessing/power-transformer';
import { buildQuantileTransformer } from './preprocessing/quantile-transformer';
import { buildMaxAbsScaler, buildMinMaxScaler, buildRobustScaler, buildStandardScaler } from './preprocessing/scalers';
import { buildOneClassSvm } from './svm/one-class-svm';
import { buildSvc } from './svm/svc';
import { buildSvr } from './svm/svr';
import { buildDecisionTreeClassifier } from './tree/decision-tree-classifier';
import { buildForestClassifier } from './tree/forest-classifier';

/** Builders by class name. Modules are not looked at: scikit-learn has renamed most of them, and no class name occurs twice. */
export const ESTIMATORS: Readonly<Record<string, EstimatorBuilder>> = {
  // linear models
  ARDRegression: buildLinearRegressor,
  BayesianRidge: buildLinearRegressor,
  ElasticNet: buildLinearRegressor,
  ElasticNetCV: buildLinearRegressor,
  GammaRegressor: buildLogLinkRegressor,
  HuberRegressor: buildLinearRegressor,
  Lars: buildLinearRegressor,
  Lasso: buildLinearRegressor,
  LassoCV: buildLinearRegressor,
  LassoLars: buildLinearRegressor,
  LinearRegression: buildLinearRegressor,
  LinearSVC: buildLinearClassifier,
  LinearSVR: buildLinearRegressor,
  LogisticRegression: buildLogisticRegression,
  LogisticRegressionCV: buildLogisticRegression,
  MultiTaskElasticNet: buildLinearRegressor,
  MultiTaskLasso: buildLinearRegressor,
  OrthogonalMatchingPursuit: buildLinearRegressor,
  PassiveAggressiveClassifier: buildLinearClassifier,
  PassiveAggressiveRegressor: buildLinearRegressor,
  Perceptron: buildLinearClassifier,
  PoissonRegressor: buildLogLinkRegressor,
  QuantileRegressor: buildLinearRegressor,
  Ridge: buildLinearRegressor,
  RidgeClassifier: buildRidgeClassifier,
  RidgeClassifierCV: buildRidgeClassifier,
  RidgeCV: buildLinearRegressor,
  SGDClassifier: buildSgdClassifier,
  SGDRegressor: buildLinearRegressor,
  TheilSenRegressor: buildLinearRegressor,
  TweedieRegressor: buildTweedieRegressor,
  // preprocessing
  Binarizer: buildBinarizer,
  KBinsDiscretizer: buildKBinsDiscretizer,
  MaxAbsScaler: buildMaxAbsScaler,
  MinMaxScaler: buildMinMaxScaler,
  Normalizer: buildNormalizer,
  Pipeline: buildPipeline,
  PolynomialFeatures: buildPolynomialFeatures,
  PowerTransformer: buildPowerTransformer,
  QuantileTransformer: buildQuantileTransformer,
  RobustScaler: buildRobustScaler,
  StandardScaler: buildStandardScaler,
  // support vector machines
  NuSVC: buildSvc,
  NuSVR: buildSvr,
  OneClassSVM: buildOneClassSvm,
  SVC: buildSvc,
  SVR: buildSvr,
  // trees
  DecisionTreeClassifier: buildDecisionTreeClassifier,
  ExtraTreeClassifier: buildDecisionTreeClassifier,
  ExtraTreesClassifier: buildForestClassifier,
  RandomForestClassifier: buildForestClassifier,
};
