import { stat } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { MlflowModel } from '../formats/mlflow/mlmodel';
import { signed } from '../formats/mlflow/signed';
import { type AnyFormat, formatOf } from '../formats/registry';
import { findModels } from '../model/layouts/find-models';
import { LAYOUTS, type ModelLocation } from '../model/layouts/model-location';
import { locateModel, readModelFile } from '../model/load-model';
import type { ModelHead, TensorSpec } from '../model/model';
import type { ServableModel } from '../model/tensor-model';
import type { FormatDetails } from './format-details';
import type { Inspection, ModelInspection, ModelSummary, Refusal } from './inspection';

/**
 * What is in a model file, or in a folder of models, and whether it would be served. Files are read and checked as the
 * server does; nothing in them is run, and ONNX graphs are not given to ONNX Runtime.
 *
 * @throws IsvcError ISVC_MODEL_NOT_FOUND where there is nothing to read; what is wrong with a model is in the answer.
 */
export async function inspectModel(path: string): Promise<Inspection> {
  if (!(await stat(path).catch(() => undefined))) {
    throw new IsvcError('ISVC_MODEL_NOT_FOUND', 'there is no such file or directory', { path, hint: 'name a model file or a folder' });
  }
  const { layout, models } = await findModels(path, nameOf(path));
  const [only] = models;
  // A folder without any model is a mistake of the caller, unlike one whose model is damaged.
  if (layout === 'single' && only && !only.problem) await locateModel(only.path).catch(throwIfMissing);
  return { path, layout: LAYOUTS[layout], models: await inOrder(models, (location) => inspectLocation(location, path)) };
}

async function inspectLocation({ name, version, path, problem }: ModelLocation, root: string): Promise<ModelInspection> {
  const head = { name, ...(version === undefined ? {} : { version }) };
  if (problem) return { ...head, file: relativeTo(root, path), servable: false, refusal: refusalOf(problem) };
  let file = path;
  let found: Pick<ModelInspection, 'bytes' | 'format' | 'mlflow'> & FormatDetails = {};
  try {
    const located = await locateModel(path);
    file = located.file;
    const bytes = await readModelFile(file);
    found = { bytes: bytes.length };
    const format = located.format ?? formatOf(file, bytes);
    const mlflow = located.mlflow && mlflowDetails(located.mlflow);
    found = { ...found, format: format.name, ...(mlflow ? { mlflow } : {}) };
    const details = await detailsOf(format, bytes, file);
    found = { ...found, ...details };
    const checked = await (format.check ?? format.parse)(bytes, basename(file), file);
    const model = located.mlflow && 'predict' in checked ? signed(checked, located.mlflow) : checked;
    return { ...head, file: relativeTo(root, file), ...found, servable: true, model: summaryOf(model) };
  } catch (error) {
    return { ...head, file: relativeTo(root, file), ...found, servable: false, refusal: refusalOf(error) };
  }
}

function mlflowDetails({ flavor, version, modelClass, signature }: MlflowModel): NonNullable<ModelInspection['mlflow']> {
  return { flavor, ...(version === undefined ? {} : { version }), ...(modelClass === undefined ? {} : { modelClass }), ...(signature ? { signature } : {}) };
}

/** What can be said is said also of a file that is refused; the refusal itself comes from the check. */
async function detailsOf(format: AnyFormat, bytes: Buffer, file: string): Promise<FormatDetails> {
  try {
    return (await format.details?.(bytes, basename(file))) ?? {};
  } catch (error) {
    if (error instanceof IsvcError || error instanceof RangeError) return {};
    throw error;
  }
}

function summaryOf(model: ModelHead | ServableModel): ModelSummary {
  const specs = (tensors: readonly TensorSpec[]): readonly TensorSpec[] => tensors.map(({ name, datatype, shape }) => ({ name, datatype, shape }));
  const summary = { estimator: model.estimator, platform: model.platform, inputs: specs(model.inputs), outputs: specs(model.outputs) };
  if (!('predict' in model)) return summary;
  const { features, featureNames, methods } = model;
  return { ...summary, features, ...(featureNames ? { featureNames } : {}), ...(methods ? { methods } : {}) };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof IsvcError) return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  throw error instanceof Error ? error : new Error(messageOf(error));
}

function throwIfMissing(error: unknown): void {
  if (error instanceof IsvcError && error.code !== 'ISVC_MODEL_NOT_FOUND') return;
  throw error;
}

function relativeTo(root: string, path: string): string {
  return relative(root, path) || basename(path);
}

/** Models of a file are called as it is, those of a folder as the folder. */
function nameOf(path: string): string {
  const name = basename(path) === '.' || basename(path) === '' ? basename(dirname(path)) : basename(path);
  return name.replace(/\.[^.]+$/, '') || 'model';
}

/** One after the other: two models at once need the memory of two. */
async function inOrder<From, To>(all: readonly From[], each: (one: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  for (const one of all) results.push(await each(one));
  return results;
}
