import type { CompiledDocument } from './compile-document';
import { readInlineTable } from './fields/inline-table';
import type { Element } from './xml/element';
import { parseNumber } from './xml/element';

/**
 * Evaluates the rows that the writer of a document left in its ModelVerification, and compares.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT naming the row and the field where an answer differs.
 */
export function verify(document: CompiledDocument & { readonly element: Element }): void {
  const verification = document.element.child('ModelVerification');
  if (!verification) return;
  const fields = verification.required('VerificationFields').all('VerificationField').map((field) => ({
    name: field.requiredAttribute('field'),
    column: localName(field.attribute('column') ?? field.requiredAttribute('field')),
    precision: field.number('precision', 1e-6),
    zero: field.number('zeroThreshold', 1e-16),
  }));
  readInlineTable(verification).forEach((cells, row) => {
    const cellOf = (name: string): string | undefined => {
      const field = fields.find((one) => one.name === name);
      return field && cells[field.column];
    };
    const answers = document.evaluate(document.inputs.map(({ name }) => cellOf(name)));
    for (const { name, column, precision, zero } of fields) {
      const wanted = cells[column];
      const index = document.answers.findIndex((answer) => answer.name === name);
      if (index < 0 || wanted === undefined) continue;
      const found = answers[index];
      if (!isNear(found, wanted, precision, zero)) {
        throw verification.corrupt(`has a row ${row} whose ${name} is ${wanted.slice(0, 60)}; evaluated it is ${String(found)}`);
      }
    }
  });
}

function isNear(found: unknown, wanted: string, precision: number, zero: number): boolean {
  const number = parseNumber(wanted);
  if (typeof found !== 'number' || number === undefined) return String(found) === wanted;
  if (Math.abs(number) <= zero) return Math.abs(found) <= zero;
  return Math.abs(found - number) <= precision * Math.abs(number) || found === number;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
