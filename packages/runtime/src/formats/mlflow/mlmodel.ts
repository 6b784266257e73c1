import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { parseDocument } from 'yaml';
import { type AnyFormat, formatNamed } from '../registry';
import { type Signature, signatureOf } from './signature';

/** A MLflow model folder, resolved to the file that is served. */
export interface MlflowModel {
  readonly flavor: string;
  /** Of MLflow itself. */
  readonly version?: string;
  /** `xgboost.sklearn.XGBClassifier` and its like, where the flavor says it. */
  readonly modelClass?: string;
  readonly format: AnyFormat;
  readonly path: string;
  readonly signature?: Signature;
}

type Fields = Readonly<Record<string, unknown>>;

/** Flavors that are served, the first that a model has; where each keeps its file. */
const FLAVORS: readonly { readonly flavor: string; readonly file: (fields: Fields) => unknown }[] = [
  { flavor: 'onnx', file: ({ data }) => data },
  { flavor: 'sklearn', file: (fields) => fields['pickled_model'] },
  { flavor: 'xgboost', file: ({ data }) => data },
  { flavor: 'lightgbm', file: ({ data }) => data },
  { flavor: 'catboost', file: ({ data }) => data },
];

const MAX_BYTES = 1024 * 1024;

/**
 * Reads the `MLmodel` of a folder.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_FORBIDDEN for a file outside the folder, ISVC_MODEL_UNSUPPORTED for
 * models that are Python code alone.
 */
export async function readMlflowModel(folder: string): Promise<MlflowModel> {
  const document = await readDocument(join(folder, 'MLmodel'));
  const flavors = fieldsOf(document['flavors']);
  const served = FLAVORS.find(({ flavor }) => Object.hasOwn(flavors, flavor));
  if (!served) throw unsupportedFlavor(Object.keys(flavors));
  const fields = fieldsOf(flavors[served.flavor]);
  const file = served.file(fields);
  if (typeof file !== 'string' || file === '') throw corrupt(`flavor ${served.flavor} names no model file`);
  // MLflow writes it for boosters, too, whose files are their libraries' own.
  if (fields['serialization_format'] === 'skops' && /\.(pkl|pickle|skops)$/.test(file)) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'the model is saved with skops', { path: 'MLmodel', hint: 'save it with serialization_format="cloudpickle"' });
  }
  const [version, modelClass] = [document['mlflow_version'], fields['model_class'] ?? fields['model_type']];
  const signature = document['signature'] ? signatureOf(fieldsOf(document['signature'])) : undefined;
  const path = await insideFolder(folder, file);
  return {
    flavor: served.flavor,
    ...(typeof version === 'string' ? { version } : {}),
    ...(typeof modelClass === 'string' ? { modelClass } : {}),
    // Wrappers of the boosting libraries are pickles.
    format: formatNamed(/\.(pkl|pickle|joblib)$/.test(file) ? 'sklearn' : served.flavor),
    path,
    ...(signature ? { signature } : {}),
  };
}

async function readDocument(path: string): Promise<Fields> {
  const size = (await stat(path).catch(() => undefined))?.size;
  if (size === undefined) throw new IsvcError('ISVC_MODEL_NOT_FOUND', 'there is no MLmodel', { path });
  if (size > MAX_BYTES) throw corrupt(`has ${size} bytes, ${MAX_BYTES} are read`);
  try {
    // Aliases are what YAML bombs are made of, and MLflow writes none.
    const document = parseDocument(await readFile(path, 'utf8'), { merge: false });
    const [problem] = document.errors;
    if (problem) throw problem;
    return fieldsOf(document.toJS({ maxAliasCount: 0 }));
  } catch (error) {
    throw corrupt(`is no YAML that can be read: ${messageOf(error).split('\n', 1)[0]}`, error);
  }
}

async function insideFolder(folder: string, file: string): Promise<string> {
  const path = join(folder, file);
  const real = await realpath(path).catch((error: unknown) => {
    throw new IsvcError('ISVC_MODEL_NOT_FOUND', `names the model file ${JSON.stringify(file.slice(0, 200))}, which is not there`, { path: 'MLmodel', hint: 'copy the whole folder that MLflow wrote', cause: error });
  });
  const below = relative(await realpath(folder), real);
  if (!isAbsolute(file) && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)) return path;
  throw new IsvcError('ISVC_MODEL_FORBIDDEN', `names the model file ${JSON.stringify(file.slice(0, 200))}, which lies outside the folder`, { path: 'MLmodel', hint: 'if the folder is not yours, treat it as an attack' });
}

function unsupportedFlavor(flavors: readonly string[]): IsvcError {
  const only = flavors.length === 0 || flavors.every((flavor) => flavor === 'python_function');
  const what = only ? 'the model is Python code alone (flavor python_function)' : `the model has the flavors ${flavors.slice(0, 8).join(', ')}`;
  return new IsvcError('ISVC_MODEL_UNSUPPORTED', `${what}; served are ${FLAVORS.map(({ flavor }) => flavor).join(', ')}`, {
    path: 'MLmodel',
    hint: 'log the model with one of those flavors (mlflow.onnx.log_model takes most networks), or serve the folder with MLServer',
  });
}

function corrupt(problem: string, cause?: unknown): IsvcError {
  return new IsvcError('ISVC_MODEL_CORRUPT', problem, { path: 'MLmodel', hint: 'log the model again', cause });
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
