import { buildBernoulliNb, buildCategoricalNb, buildComplementNb, buildGaussianNb, buildMultinomialNb } from './bayes/naive-bayes';
import { buildGradientBoostingClassifier, buildGradientBoostingRegressor } from './boosting/gradient-boosting';
import { buildHistogramClassifier, buildHistogramRegressor } from './boosting/histogram-boosting';
import { buildBayesianGaussianMixture } from './cluster/bayesian-gaussian-mixture';
import { buildBisectingKMeans } from './cluster/bisecting-k-means';
import { buildGaussianMixture } from './cluster/gaussian-mixture';
import { buildKMeans } from './cluster/k-means';
import { buildColumnTransformer } from './compose/column-transformer';
import { buildDelegate, buildSearch } from './compose/delegate';
import {
  buildGenericSelect, buildSelectByPValue, buildSelectBySupport, buildSelectFdr, buildSelectFromModel, buildSelectKBest, buildSelectPercentile, buildVarianceThreshold,
} from './compose/feature-selection';
import { buildFeatureUnion } from './compose/feature-union';
import { buildFunctionTransformer } from './compose/function-transformer';
import { buildPipeline } from './compose/pipeline';
import { buildRecursiveElimination } from './compose/recursive-elimination';
import { buildTransformedTarget } from './compose/transformed-target';
import { buildFastIca, buildPca, buildProjection, buildRbfSampler } from './decomposition/projections';
import { buildLinearDiscriminant, buildQuadraticDiscriminant } from './discriminant/discriminant-analysis';
import { buildDummyClassifier, buildDummyRegressor } from './dummy/dummy';
import { buildAdaBoostClassifier, buildAdaBoostRegressor } from './ensemble/ada-boost';
import { buildBaggingClassifier, buildBaggingRegressor } from './ensemble/bagging';
import { buildCalibratedClassifier } from './ensemble/calibrated-classifier';
import { buildStacking } from './ensemble/stacking';
import { buildVotingClassifier, buildVotingRegressor } from './ensemble/voting';
import { buildOneHotEncoder } from './encoding/one-hot-encoder';
import { buildOrdinalEncoder } from './encoding/ordinal-encoder';
import { buildTargetEncoder } from './encoding/target-encoder';
import type { EstimatorBuilder } from './estimator';
import { buildIterativeImputer } from './impute/iterative-imputer';
import { buildKnnImputer } from './impute/knn-imputer';
import { buildMissingIndicator } from './impute/missing-indicator';
import { buildSimpleImputer } from './impute/simple-imputer';
import { buildLinearClassifier, buildLogisticRegression, buildRidgeClassifier, buildSgdClassifier } from './linear/linear-classifier';
import { buildLinearRegressor, buildLogLinkRegressor, buildTweedieRegressor } from './linear/linear-regressor';
import { buildClassifierChain } from './multiclass/classifier-chain';
import { buildConstantPredictor } from './multiclass/constant-predictor';
import { buildMultiOutputClassifier, buildMultiOutputRegressor, buildRegressorChain } from './multiclass/multi-output';
import { buildOneVsOne } from './multiclass/one-vs-one';
import { buildOneVsRest } from './multiclass/one-vs-rest';
import { buildOutputCode } from './multiclass/output-code';
import { buildKNeighborsClassifier, buildKNeighborsRegressor } from './neighbors/k-neighbors';
import { buildNearestCentroid } from './neighbors/nearest-centroid';
import { buildRadiusNeighborsClassifier, buildRadiusNeighborsRegressor } from './neighbors/radius-neighbors';
import { buildMlpClassifier, buildMlpRegressor } from './neural/multilayer-perceptron';
import { buildKBinsDiscretizer } from './preprocessing/k-bins-discretizer';
import { buildBinarizer, buildNormalizer } from './preprocessing/normalizer';
import { buildPolynomialFeatures } from './preprocessing/polynomial-features';
import { buildPowerTransformer } from './preprocessing/power-transformer';
import { buildQuantileTransformer } from './preprocessing/quantile-transformer';
import { buildMaxAbsScaler, buildMinMaxScaler, buildRobustScaler, buildStandardScaler } from './preprocessing/scalers';
import { buildKernelRidge } from './svm/kernel-ridge';
import { buildOneClassSvm } from './svm/one-class-svm';
import { buildSgdOneClassSvm } from './svm/sgd-one-class-svm';
import { buildSvc } from './svm/svc';
import { buildSvr } from './svm/svr';
import { buildTfidfTransformer } from './text/tfidf-transformer';
import { buildCountVectorizer, buildHashingVectorizer, buildTfidfVectorizer } from './text/vectorizers';
import { buildDecisionTreeClassifier } from './tree/decision-tree-classifier';
import { buildForestClassifier } from './tree/forest-classifier';
import { buildIsolationForest } from './tree/isolation-forest';
import { buildForestRegressor, buildTreeRegressor } from './tree/tree-regressor';

/** Builders by class name. Modules are not looked at: scikit-learn has renamed most of them, and no class name occurs twice. */
export const ESTIMATORS: Readonly<Record<string, EstimatorBuilder>> = {
  // Bayes, neighbours, discriminants, networks, clusters
  BayesianGaussianMixture: buildBayesianGaussianMixture,
  BernoulliNB: buildBernoulliNb,
  BisectingKMeans: buildBisectingKMeans,
  CategoricalNB: buildCategoricalNb,
  ComplementNB: buildComplementNb,
  GaussianMixture: buildGaussianMixture,
  GaussianNB: buildGaussianNb,
  KMeans: buildKMeans,
  KNeighborsClassifier: buildKNeighborsClassifier,
  KNeighborsRegressor: buildKNeighborsRegressor,
  LinearDiscriminantAnalysis: buildLinearDiscriminant,
  MiniBatchKMeans: buildKMeans,
  MLPClassifier: buildMlpClassifier,
  MLPRegressor: buildMlpRegressor,
  MultinomialNB: buildMultinomialNb,
  NearestCentroid: buildNearestCentroid,
  QuadraticDiscriminantAnalysis: buildQuadraticDiscriminant,
  RadiusNeighborsClassifier: buildRadiusNeighborsClassifier,
  RadiusNeighborsRegressor: buildRadiusNeighborsRegressor,
  // boosting and other ensembles
  AdaBoostClassifier: buildAdaBoostClassifier,
  AdaBoostRegressor: buildAdaBoostRegressor,
  BaggingClassifier: buildBaggingClassifier,
  BaggingRegressor: buildBaggingRegressor,
  CalibratedClassifierCV: buildCalibratedClassifier,
  DummyClassifier: buildDummyClassifier,
  DummyRegressor: buildDummyRegressor,
  GradientBoostingClassifier: buildGradientBoostingClassifier,
  GradientBoostingRegressor: buildGradientBoostingRegressor,
  HistGradientBoostingClassifier: buildHistogramClassifier,
  HistGradientBoostingRegressor: buildHistogramRegressor,
  StackingClassifier: buildStacking,
  StackingRegressor: buildStacking,
  VotingClassifier: buildVotingClassifier,
  VotingRegressor: buildVotingRegressor,
  // composition
  ColumnTransformer: buildColumnTransformer,
  FeatureUnion: buildFeatureUnion,
  FunctionTransformer: buildFunctionTransformer,
  GridSearchCV: buildSearch,
  HalvingGridSearchCV: buildSearch,
  HalvingRandomSearchCV: buildSearch,
  Pipeline: buildPipeline,
  RandomizedSearchCV: buildSearch,
  RANSACRegressor: buildDelegate,
  SelfTrainingClassifier: buildDelegate,
  TransformedTargetRegressor: buildTransformedTarget,
  // decomposition
  FastICA: buildFastIca,
  GaussianRandomProjection: buildProjection,
  IncrementalPCA: buildPca,
  PCA: buildPca,
  RBFSampler: buildRbfSampler,
  TruncatedSVD: buildProjection,
  // feature selection
  GenericUnivariateSelect: buildGenericSelect,
  RFE: buildRecursiveElimination,
  RFECV: buildRecursiveElimination,
  SelectFdr: buildSelectFdr,
  SelectFpr: buildSelectByPValue,
  SelectFromModel: buildSelectFromModel,
  SelectFwe: buildSelectByPValue,
  SelectKBest: buildSelectKBest,
  SelectPercentile: buildSelectPercentile,
  SequentialFeatureSelector: buildSelectBySupport,
  VarianceThreshold: buildVarianceThreshold,
  // linear models
  ARDRegression: buildLinearRegressor,
  BayesianRidge: buildLinearRegressor,
  ElasticNet: buildLinearRegressor,
  ElasticNetCV: buildLinearRegressor,
  GammaRegressor: buildLogLinkRegressor,
  HuberRegressor: buildLinearRegressor,
  Lars: buildLinearRegressor,
  LarsCV: buildLinearRegressor,
  Lasso: buildLinearRegressor,
  LassoCV: buildLinearRegressor,
  LassoLars: buildLinearRegressor,
  LassoLarsCV: buildLinearRegressor,
  LassoLarsIC: buildLinearRegressor,
  LinearRegression: buildLinearRegressor,
  LinearSVC: buildLinearClassifier,
  LinearSVR: buildLinearRegressor,
  LogisticRegression: buildLogisticRegression,
  LogisticRegressionCV: buildLogisticRegression,
  MultiTaskElasticNet: buildLinearRegressor,
  MultiTaskElasticNetCV: buildLinearRegressor,
  MultiTaskLasso: buildLinearRegressor,
  MultiTaskLassoCV: buildLinearRegressor,
  OrthogonalMatchingPursuit: buildLinearRegressor,
  OrthogonalMatchingPursuitCV: buildLinearRegressor,
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
  // several classes or outputs
  _ConstantPredictor: buildConstantPredictor,
  ClassifierChain: buildClassifierChain,
  MultiOutputClassifier: buildMultiOutputClassifier,
  MultiOutputRegressor: buildMultiOutputRegressor,
  OneVsOneClassifier: buildOneVsOne,
  OneVsRestClassifier: buildOneVsRest,
  OutputCodeClassifier: buildOutputCode,
  RegressorChain: buildRegressorChain,
  // preprocessing
  Binarizer: buildBinarizer,
  IterativeImputer: buildIterativeImputer,
  KBinsDiscretizer: buildKBinsDiscretizer,
  KNNImputer: buildKnnImputer,
  MaxAbsScaler: buildMaxAbsScaler,
  MinMaxScaler: buildMinMaxScaler,
  MissingIndicator: buildMissingIndicator,
  Normalizer: buildNormalizer,
  OneHotEncoder: buildOneHotEncoder,
  OrdinalEncoder: buildOrdinalEncoder,
  PolynomialFeatures: buildPolynomialFeatures,
  PowerTransformer: buildPowerTransformer,
  QuantileTransformer: buildQuantileTransformer,
  RobustScaler: buildRobustScaler,
  SimpleImputer: buildSimpleImputer,
  StandardScaler: buildStandardScaler,
  TargetEncoder: buildTargetEncoder,
  // support vector machines
  KernelRidge: buildKernelRidge,
  NuSVC: buildSvc,
  NuSVR: buildSvr,
  OneClassSVM: buildOneClassSvm,
  SGDOneClassSVM: buildSgdOneClassSvm,
  SVC: buildSvc,
  SVR: buildSvr,
  // text
  CountVectorizer: buildCountVectorizer,
  HashingVectorizer: buildHashingVectorizer,
  TfidfTransformer: buildTfidfTransformer,
  TfidfVectorizer: buildTfidfVectorizer,
  // trees
  DecisionTreeClassifier: buildDecisionTreeClassifier,
  ExtraTreeClassifier: buildDecisionTreeClassifier,
  DecisionTreeRegressor: buildTreeRegressor,
  ExtraTreeRegressor: buildTreeRegressor,
  ExtraTreesClassifier: buildForestClassifier,
  ExtraTreesRegressor: buildForestRegressor,
  IsolationForest: buildIsolationForest,
  RandomForestClassifier: buildForestClassifier,
  RandomForestRegressor: buildForestRegressor,
};
