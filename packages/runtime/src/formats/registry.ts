import { basename } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import type { ModelFormat } from '../model/model';
import type { ServableModel } from '../model/tensor-model';
import { catboostFormat } from './catboost/catboost-format';
import { lightgbmFormat } from './lightgbm/lightgbm-format';
import { onnxFormat } from './onnx/onnx-format';
import { pmmlFormat } from './pmml/pmml-format';
import { sklearnFormat } from './sklearn/sklearn-format';
import { xgboostFormat } from './xgboost/xgboost-format';

/** A format of tabular models or of models of named tensors, whose reading may take a while. */
export type AnyFormat = ModelFormat<ServableModel | Promise<ServableModel>>;

/** Every format the runtime reads; a new one is one folder and one line here. */
export const MODEL_FORMATS: readonly AnyFormat[] = [sklearnFormat, xgboostFormat, lightgbmFormat, catboostFormat, onnxFormat, pmmlFormat];

/** @throws Error for a name that no format has. */
export function formatNamed(name: string): AnyFormat {
  const format = MODEL_FORMATS.find((candidate) => candidate.name === name);
  if (!format) throw new Error(`no format is called ${name}`);
  return format;
}

/** Every extension that means a model, in registration order. */
export function knownExtensions(): readonly string[] {
  return distinct(MODEL_FORMATS.flatMap((format) => format.extensions));
}

/** Extensions that a model may have and other files often have. */
export function sharedExtensions(): readonly string[] {
  return distinct(MODEL_FORMATS.flatMap((format) => format.sharedExtensions ?? []));
}

/**
 * The format of a model file: the one that claims its extension, the content deciding between several.
 *
 * @throws IsvcError ISVC_MODEL_UNSUPPORTED where no format claims the extension or none recognizes the content.
 */
export function formatOf(file: string, bytes: Buffer): AnyFormat {
  const claiming = MODEL_FORMATS.filter((format) => [...format.extensions, ...(format.sharedExtensions ?? [])].some((extension) => file.endsWith(extension)));
  const [only] = claiming;
  if (!only) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `no format has this extension; known are ${[...knownExtensions(), ...sharedExtensions()].join(', ')}`, {
      path: file,
      hint: 'save the model in one of the known formats and keep their extension',
    });
  }
  if (claiming.length === 1) return only;
  const recognized = claiming.find((format) => format.recognizes?.(bytes));
  if (recognized) return recognized;
  // Clients see errors about content, and folders are none of their business.
  const path = basename(file);
  if (bytes.length === 0) throw new IsvcError('ISVC_MODEL_CORRUPT', 'the file is empty', { path, hint: 'copy the file again' });
  throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `is none of ${claiming.map(({ name }) => name).join(', ')}, whose extension it has`, {
    path,
    hint: 'save the model with the library it was trained with, in its own format',
  });
}

function distinct(extensions: readonly string[]): readonly string[] {
  return [...new Set(extensions)];
}
