/** Classes of scikit-learn that are not evaluated for one reason. */
export interface RefusedEstimators {
  readonly names: readonly string[];
  /** Goes on after the name of the class. */
  readonly why: string;
  readonly wayOut: string;
}

/** Every class of scikit-learn that has no builder, with the reason; docs/reference/model-formats.md shows it. */
export const REFUSED_ESTIMATORS: readonly RefusedEstimators[] = [
  {
    names: [
      'AgglomerativeClustering', 'ClassicalMDS', 'DBSCAN', 'HDBSCAN', 'MDS', 'OPTICS', 'SpectralBiclustering', 'SpectralClustering', 'SpectralCoclustering', 'SpectralEmbedding', 'TSNE',
    ],
    why: 'has no answer for rows it was not fitted on, in scikit-learn either',
    wayOut: 'fit a classifier on its labels, and serve that',
  },
  {
    names: ['DictVectorizer', 'FeatureHasher', 'PatchExtractor'],
    why: 'takes records of any keys or images, where requests carry tables and texts',
    wayOut: 'do that step before the request, or use a OneHotEncoder or HashingVectorizer over columns',
  },
  {
    names: ['LabelBinarizer', 'LabelEncoder', 'MultiLabelBinarizer'],
    why: 'encodes targets, not inputs',
    wayOut: 'fit the classifier on the labels themselves: it keeps them, text too',
  },
  {
    names: ['DictionaryLearning', 'LatentDirichletAllocation', 'MiniBatchDictionaryLearning', 'MiniBatchNMF', 'MiniBatchSparsePCA', 'NMF', 'SparseCoder', 'SparsePCA'],
    why: 'solves a problem of its own for each request, to a tolerance',
    wayOut: 'use PCA or TruncatedSVD, or serve it with the runtime kserve-sklearnserver of KServe',
  },
  {
    names: ['KNeighborsTransformer', 'LocalOutlierFactor', 'NearestNeighbors', 'RadiusNeighborsTransformer'],
    why: 'answers with neighbours or their density, not with a prediction',
    wayOut: 'use KNeighborsClassifier or KNeighborsRegressor; IsolationForest or OneClassSVM for outliers',
  },
  {
    names: ['EllipticEnvelope', 'EmpiricalCovariance', 'GraphicalLasso', 'GraphicalLassoCV', 'KernelDensity', 'LedoitWolf', 'MinCovDet', 'OAS', 'ShrunkCovariance'],
    why: 'estimates a covariance or a density',
    wayOut: 'use GaussianMixture, or IsolationForest for outliers',
  },
  {
    names: ['FixedThresholdClassifier', 'FrozenEstimator', 'TunedThresholdClassifierCV'],
    why: 'wraps a classifier to move its threshold or to keep it from being fitted',
    wayOut: 'save its estimator_ (or estimator) itself, ask for predict_proba, and compare in the client',
  },
  {
    names: [
      'AdditiveChi2Sampler', 'AffinityPropagation', 'BernoulliRBM', 'Birch', 'CCA', 'FactorAnalysis', 'FeatureAgglomeration', 'GaussianProcessClassifier', 'GaussianProcessRegressor', 'Isomap',
      'IsotonicRegression', 'KernelCenterer', 'KernelPCA', 'LabelPropagation', 'LabelSpreading', 'LocallyLinearEmbedding', 'MeanShift', 'NeighborhoodComponentsAnalysis', 'Nystroem', 'PLSCanonical',
      'PLSRegression', 'PLSSVD', 'PolynomialCountSketch', 'RandomTreesEmbedding', 'SkewedChi2Sampler', 'SparseRandomProjection', 'SplineTransformer',
    ],
    why: 'is met too rarely to have an evaluator here yet',
    wayOut: 'export the model as ONNX',
  },
];

/** Why a class of scikit-learn is refused, `undefined` for one that is not known. */
export function refusalOf(name: string): RefusedEstimators | undefined {
  return REFUSED_ESTIMATORS.find(({ names }) => names.includes(name));
}
