import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { DocumentPart } from './document-part';

/** A string, or one of the numbers that C++ writers spell although JSON has no word for them. */
const STRING_OR_NUMBER_WORD = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * Parses a model that is a JSON document.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT where it is none, ISVC_MODEL_UNSUPPORTED beyond what one JavaScript string holds.
 */
export function parseModelJson(bytes: Buffer, file: string): DocumentPart {
  const text = decode(bytes, file);
  try {
    return new DocumentPart(JSON.parse(text), file);
  } catch (error) {
    return new DocumentPart(parseWithNumberWords(text, file, error), file);
  }
}

function parseWithNumberWords(text: string, file: string, first: unknown): unknown {
  try {
    return JSON.parse(text.replace(STRING_OR_NUMBER_WORD, (match) => (match.startsWith('"') ? match : `"${match.replace('-NaN', 'NaN')}"`)));
  } catch {
    throw new IsvcError('ISVC_MODEL_CORRUPT', `is not complete JSON: ${messageOf(first).slice(0, 200).replace(/[^\x20-\x7e]/g, '?')}`, {
      path: file,
      hint: 'copy the file again and compare its checksum with the source',
      cause: first,
    });
  }
}

function decode(bytes: Buffer, file: string): string {
  try {
    return bytes.toString('utf8');
  } catch (error) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'is JSON of more than 512 MiB, the most that is read', {
      path: file,
      hint: 'save the model in a binary format (XGBoost: model.ubj), or fit fewer trees',
      cause: error,
    });
  }
}
