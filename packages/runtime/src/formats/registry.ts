import type { ModelFormat } from '../model/model';
import { sklearnFormat } from './sklearn/sklearn-format';

/** Every format the runtime reads; a new one is one folder and one line here. No two may claim an extension. */
export const MODEL_FORMATS: readonly ModelFormat[] = [sklearnFormat];

/** Every extension some format claims, in registration order. */
export function knownExtensions(): readonly string[] {
  return MODEL_FORMATS.flatMap((format) => format.extensions);
}

/** @returns the format that claims the extension of `file`, `undefined` where none does. */
export function formatOf(file: string): ModelFormat | undefined {
  return MODEL_FORMATS.find((format) => format.extensions.some((extension) => file.endsWith(extension)));
}
