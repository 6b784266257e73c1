/** Compiled loss functions of fitted models; Cython files them under a module name without its package. */
const LOSSES: readonly string[] = [
  'CyHalfSquaredError', 'CyAbsoluteError', 'CyPinballLoss', 'CyHuberLoss', 'CyHalfPoissonLoss', 'CyHalfGammaLoss', 'CyHalfTweedieLoss',
  'CyHalfTweedieLossIdentity', 'CyHalfBinomialLoss', 'CyHalfMultinomialLoss', 'CyExponentialLoss', 'CyLossFunction',
];

/**
 * The classes and functions a model file may name. Nothing here is ever called or even looked up, so an entry costs no
 * safety by itself; the list exists so that a file with anything unexpected in it is refused as a whole, by name.
 */
const ALLOWED: readonly (readonly [modules: readonly string[], names: readonly string[]])[] = [
  [['numpy'], [
    'ndarray', 'dtype', 'number', 'generic', 'matrix', 'memmap', 'bool', 'bool_', 'object_', 'str_', 'bytes_',
    'int8', 'int16', 'int32', 'int64', 'intc', 'intp', 'longlong', 'uint8', 'uint16', 'uint32', 'uint64', 'uintp',
    'float16', 'float32', 'float64', 'longdouble', 'complex128',
  ]],
  [['numpy.core.multiarray', 'numpy._core.multiarray'], ['_reconstruct', 'scalar']],
  [['numpy.core.numeric', 'numpy._core.numeric'], ['_frombuffer']],
  // Random states that estimators keep as a parameter; prediction ignores them.
  [['numpy.random', 'numpy.random._pickle'], ['__RandomState_ctor', '__randomstate_ctor', '__generator_ctor', '__bit_generator_ctor']],
  [['numpy.random.mtrand'], ['RandomState']],
  [['numpy.random._mt19937'], ['MT19937']],
  [['numpy.random._pcg64'], ['PCG64', 'PCG64DXSM']],
  [['numpy.random.bit_generator'], ['SeedSequence', '__pyx_unpickle_SeedSequence']],
  // Results of a search over parameters, which stay in the file.
  [['numpy.ma.core', 'numpy.ma'], ['_mareconstruct', 'MaskedArray', 'MaskedConstant']],
  [['joblib.numpy_pickle', 'joblib.numpy_pickle_compat'], ['NumpyArrayWrapper', 'NDArrayWrapper', 'ZNDArrayWrapper']],
  [['copyreg', 'copy_reg'], ['_reconstructor', '__newobj__']],
  [['_loss'], LOSSES.flatMap((name) => [name, `__pyx_unpickle_${name}`])],
  [['collections'], ['OrderedDict', 'defaultdict', 'Counter']],
  [['_codecs'], ['encode']],
  // Functions that transformers keep by name; they are compared with names known here and never called.
  [['functools'], ['partial']],
  [['numpy', 'numpy.core._multiarray_umath', 'numpy._core._multiarray_umath', 'numpy.core.fromnumeric', 'numpy.core.numeric'], [
    'absolute', 'abs', 'arcsinh', 'cbrt', 'ceil', 'cos', 'exp', 'exp2', 'expm1', 'fabs', 'floor', 'log', 'log10', 'log1p', 'log2', 'negative', 'reciprocal',
    'sign', 'sin', 'sqrt', 'square', 'tanh', 'trunc',
  ]],
  [['builtins', '__builtin__'], [
    'object', 'slice', 'range', 'set', 'frozenset', 'list', 'tuple', 'dict', 'bytes', 'bytearray', 'str', 'int', 'float', 'bool', 'complex',
  ]],
];

/** Packages whose classes are let through as names; which of them can be evaluated is decided when the model is built. */
const MODEL_PACKAGES: readonly string[] = ['sklearn', 'scipy.sparse', 'scipy.stats', 'xgboost', 'lightgbm', 'catboost'];

const allowedNames = new Set(ALLOWED.flatMap(([modules, names]) => modules.flatMap((module) => names.map((name) => `${module}:${name}`))));

/** Dots in the name would let an attribute of a module through, such as `sklearn.utils:os.system`. */
const PLAIN_NAME = /^\w{1,100}$/;

/** Nothing else may reach a message or a log. */
const PLAIN_MODULE = /^[\w.]{1,200}$/;

/** Whether a model file may name `module.name`. */
export function isAllowedGlobal(module: string, name: string): boolean {
  if (!PLAIN_NAME.test(name) || !PLAIN_MODULE.test(module)) return false;
  if (allowedNames.has(`${module}:${name}`)) return true;
  return MODEL_PACKAGES.some((root) => module === root || module.startsWith(`${root}.`));
}
