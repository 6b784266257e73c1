import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { type MlflowModel, readMlflowModel } from '../formats/mlflow/mlmodel';
import { signed } from '../formats/mlflow/signed';
import { type AnyFormat, formatOf, knownExtensions, sharedExtensions } from '../formats/registry';
import { findModelFile } from './find-model-file';
import { MLMODEL } from './model-files';
import type { ServableModel } from './tensor-model';

/**
 * Reads the model of a directory, or one model file, and validates all of it.
 *
 * @param path a directory with exactly one model file at its top level, or the file itself.
 * @throws IsvcError ISVC_MODEL_NOT_FOUND, ISVC_MODEL_AMBIGUOUS, ISVC_MODEL_CORRUPT, ISVC_MODEL_FORBIDDEN or
 * ISVC_MODEL_UNSUPPORTED. Nothing in the file is ever executed.
 */
export async function loadModel(path: string): Promise<ServableModel> {
  const { file, format, mlflow } = await locateModel(path);
  const bytes = await readModelFile(file);
  const model = await (format ?? formatOf(file, bytes)).parse(bytes, basename(file), file);
  return mlflow ? signed(model, mlflow) : model;
}

/** The file of a model, and what else is known of it before it is read. */
export interface LocatedModel {
  readonly file: string;
  /** @default - that of the file's extension and content */
  readonly format?: AnyFormat;
  readonly mlflow?: MlflowModel;
}

/** @throws IsvcError ISVC_MODEL_NOT_FOUND, ISVC_MODEL_AMBIGUOUS, and what `readMlflowModel` throws for a folder of MLflow's. */
export async function locateModel(path: string): Promise<LocatedModel> {
  if (!(await isDirectory(path))) return { file: path };
  if (!existsSync(join(path, MLMODEL))) return { file: await findModelFile(path, knownExtensions(), sharedExtensions()) };
  const mlflow = await readMlflowModel(path);
  return { file: mlflow.path, format: mlflow.format, mlflow };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new IsvcError('ISVC_MODEL_NOT_FOUND', 'there is no such file or directory', {
      path,
      hint: 'check --model_dir and the storage address it was fetched from',
      cause: error,
    });
  }
}

/** @throws IsvcError ISVC_MODEL_NOT_FOUND, ISVC_MODEL_UNSUPPORTED beyond 2 GiB. */
export async function readModelFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_FS_FILE_TOO_LARGE') {
      throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'the model file is larger than 2 GiB, the most that is read', {
        path: file,
        hint: 'fit fewer or shallower trees, or export the model as ONNX',
        cause: error,
      });
    }
    throw new IsvcError('ISVC_MODEL_NOT_FOUND', `the model file cannot be read: ${messageOf(error)}`, { path: file, cause: error });
  }
}
