import type { Datatype, OutputTensor } from '../../model/model';
import type { DocumentPart } from '../boosting/document-part';

/** The labels of a classifier, in the order of its scores. */
export interface ClassNames {
  readonly datatype: Datatype;
  readonly count: number;
  take(indices: Int32Array): OutputTensor['data'];
}

const LABEL_DATATYPES: Readonly<Record<string, Datatype>> = { Integer: 'INT64', Float: 'FP64', String: 'BYTES', Boolean: 'BOOL' };

/** @param count classes there must be; where the file names none they are 0 and up. */
export function readClassNames(parameters: DocumentPart | undefined, count: number): ClassNames {
  const given = parameters?.optional('class_names');
  const names = given && given.items().length > 0 ? given.items() : undefined;
  if (!parameters || !given || !names) return { datatype: 'INT64', count, take: (indices) => Float64Array.from(indices) };
  if (names.length !== count) throw given.corrupt(`has ${names.length} classes where the trees have ${count}`);
  const type = parameters.part('class_label_type').text();
  const datatype = Object.hasOwn(LABEL_DATATYPES, type) ? LABEL_DATATYPES[type] : undefined;
  if (!datatype) throw parameters.part('class_label_type').corrupt(`is ${JSON.stringify(type.slice(0, 40))}`);
  const pick = <T>(labels: readonly T[], indices: Int32Array): T[] => Array.from(indices, (index) => labels[index] as T);
  if (datatype === 'BYTES') {
    const texts = names.map((name) => name.text());
    return { datatype, count, take: (indices) => pick(texts, indices) };
  }
  const numbers = given.numbers();
  const labels = Array.from(numbers);
  if (datatype === 'INT64' && !labels.every(Number.isSafeInteger)) throw given.corrupt('has a class that is no integer');
  return { datatype, count, take: (indices) => (datatype === 'BOOL' ? Uint8Array.from(pick(labels, indices)) : Float64Array.from(pick(labels, indices))) };
}
