import { readFile } from 'node:fs/promises';
import { IsvcError, didYouMean, messageOf } from 'cdk8s-kserve/api';
import type { ContentTypes } from '../content-types';
import type { PredictMethod } from '../model';
import type { ModelLocation } from './model-location';

/** What a `model-settings.json` says that has an effect. */
export interface Settings extends Pick<ModelLocation, 'version' | 'contentTypes' | 'method' | 'batch'> {
  readonly name?: string;
  readonly uri?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields that MLServer 1.7 knows. Those that do not stand in `readSettings` say how its processes run, not what a model answers. */
const KNOWN = [
  'name', 'implementation', 'platform', 'versions', 'inputs', 'outputs', 'parameters', 'max_batch_size', 'max_batch_time', 'cache_enabled', 'parallel_workers', 'warm_workers',
];
/** Runtimes of MLServer whose files are read here. */
const RUNTIMES = /^mlserver_(?:sklearn|xgboost|lightgbm|catboost|mlflow|onnx)\./;
const METHODS: readonly unknown[] = ['predict', 'predict_proba', 'decision_function', 'transform'] satisfies readonly PredictMethod[];

/**
 * Reads a `model-settings.json`: `name`, `parameters.uri`, `parameters.version`, `parameters.extra.predict_fn`, `max_batch_size`,
 * `max_batch_time` (seconds), and the content types of `parameters`, `inputs` and `outputs`.
 *
 * @param file its name for messages.
 * @throws IsvcError ISVC_MODEL_CORRUPT for a field of another type or a misspelt one, ISVC_MODEL_UNSUPPORTED for an
 * `implementation` that is Python code of one's own, and for a `predict_fn` that there is not.
 */
export async function readSettings(path: string, file: string): Promise<Settings> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new IsvcError('ISVC_MODEL_CORRUPT', `is no JSON: ${messageOf(error)}`, { path: file, cause: error });
  }
  const settings = fieldsOf(json);
  const parameters = fieldsOf(settings['parameters']);
  const text = (value: unknown, field: string): string | undefined => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' && value !== '') return value;
    throw corrupt(field, value, 'a text', file);
  };
  assertKnown(settings, file);
  assertRuns(text(settings['implementation'], 'implementation'), file);
  return defined({
    name: text(settings['name'], 'name'),
    uri: text(parameters['uri'], 'parameters.uri'),
    version: text(parameters['version'], 'parameters.version'),
    contentTypes: contentTypesOf(text(parameters['content_type'], 'parameters.content_type'), settings),
    method: methodOf(fieldsOf(parameters['extra'])['predict_fn'], file),
    batch: batchOf(settings, file),
  });
}

function assertKnown(settings: Fields, file: string): void {
  for (const field of Object.keys(settings)) {
    const near = KNOWN.includes(field) ? undefined : didYouMean(field, KNOWN);
    // Fields of later releases may come; one that is nearly right was meant to have an effect.
    if (near !== undefined) throw new IsvcError('ISVC_MODEL_CORRUPT', `has the field ${JSON.stringify(field.slice(0, 60))}, which MLServer does not know; ${near}?`, { path: file });
  }
}

function assertRuns(implementation: string | undefined, file: string): void {
  if (implementation === undefined || RUNTIMES.test(implementation)) return;
  throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `implementation is ${JSON.stringify(implementation.slice(0, 120))}, which is not one of MLServer's for scikit-learn, XGBoost, LightGBM, CatBoost, MLflow or ONNX`, {
    path: file, hint: 'Python code is never run here: serve this model with MLServer (runtime kserve-mlserver), or remove the field',
  });
}

function methodOf(value: unknown, file: string): PredictMethod | undefined {
  if (value === undefined || value === null) return undefined;
  if (METHODS.includes(value)) return value as PredictMethod;
  throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `parameters.extra.predict_fn is ${JSON.stringify(value).slice(0, 60)}; allowed are ${METHODS.join(', ')}`, { path: file });
}

/** MLServer joins requests where both are set. */
function batchOf({ max_batch_size: size = 0, max_batch_time: seconds = 0 }: Fields, file: string): Settings['batch'] {
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw corrupt('max_batch_size', size, 'a whole number from 0', file);
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= 3600)) throw corrupt('max_batch_time', seconds, 'seconds from 0 to 3600', file);
  return (size as number) > 1 && seconds > 0 ? { maxBatchSize: size as number, maxLatencyMs: seconds * 1000 } : undefined;
}

function contentTypesOf(request: string | undefined, settings: Fields): ContentTypes | undefined {
  const inputs = namedTypes(settings['inputs']);
  const outputs = namedTypes(settings['outputs']);
  return request === undefined && inputs.size === 0 && outputs.size === 0 ? undefined : { ...(request === undefined ? {} : { request }), inputs, outputs };
}

function namedTypes(tensors: unknown): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const tensor of Array.isArray(tensors) ? (tensors as readonly unknown[]) : []) {
    const { name, parameters } = fieldsOf(tensor);
    const { content_type: type } = fieldsOf(parameters);
    if (typeof name === 'string' && typeof type === 'string') types.set(name, type);
  }
  return types;
}

function corrupt(field: string, value: unknown, expected: string, file: string): IsvcError {
  return new IsvcError('ISVC_MODEL_CORRUPT', `${field} is ${(JSON.stringify(value) ?? 'not there').slice(0, 60)}, expected ${expected}`, { path: file });
}

function defined(settings: { readonly [Field in keyof Settings]?: Settings[Field] | undefined }): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
