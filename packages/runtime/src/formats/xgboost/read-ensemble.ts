import { DocumentPart } from '../boosting/document-part';
import { parseModelJson } from '../boosting/parse-model-json';
import type { Ensemble } from './ensemble';
import { isLegacyBinary, readLegacyBinary } from './legacy/read-legacy-binary';
import { readDocument } from './read-document';
import { readUbjson } from './ubjson/read-ubjson';

/** What XGBoost 1.0 to 1.2 put in front of a binary model in a pickle: this and the length of the model in eight bytes. */
const PICKLE_HEADER = 'CONFIG-offset:';

/** Whether a file looks like a model of XGBoost. */
export function isXgboost(bytes: Buffer): boolean {
  return isUbjson(bytes) || (isJson(bytes) && bytes.includes('"learner"')) || isLegacyBinary(bytes);
}

/**
 * Reads a model in any of XGBoost's formats, and what its pickles hold: the same with the configuration beside it.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED.
 */
export function readEnsemble(bytes: Buffer, file: string): Ensemble {
  if (isUbjson(bytes)) return readDocument(modelOf(new DocumentPart(readUbjson(bytes, file), file)));
  if (isJson(bytes)) return readDocument(modelOf(parseModelJson(bytes, file)));
  const isPickled = bytes.toString('latin1', 0, PICKLE_HEADER.length) === PICKLE_HEADER;
  return readLegacyBinary(isPickled ? bytes.subarray(PICKLE_HEADER.length + 8) : bytes, file);
}

function modelOf(document: DocumentPart): DocumentPart {
  return document.optional('Model') ?? document;
}

/** An object, of which the first key is a length or counted. */
function isUbjson(bytes: Buffer): boolean {
  return bytes[0] === 0x7b && /^[LiIlU#$N}]/.test(bytes.toString('latin1', 1, 2));
}

function isJson(bytes: Buffer): boolean {
  return /^\s*\{/.test(bytes.toString('latin1', 0, 64));
}
