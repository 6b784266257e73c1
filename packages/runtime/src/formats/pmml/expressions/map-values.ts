import { readInlineTable } from '../fields/inline-table';
import type { Scope } from '../fields/scope';
import { INVALID, type Present, cast, dataTypeOf, literal } from '../fields/value';
import type { Element } from '../xml/element';
import type { Expression } from './expression';

/** Looks values of one or more fields up in a table of the document. */
export function compileMapValues(element: Element, scope: Scope): Expression {
  const columns = element.all('FieldColumnPair').map((pair) => ({
    column: localName(pair.requiredAttribute('column')),
    field: scope.field(pair.requiredAttribute('field'), pair),
  }));
  const dataType = dataTypeOf(element, 'string');
  const valueOf = (text: string | undefined): Present | undefined => (text === undefined ? undefined : literal(text, dataType, element));
  const output = localName(element.requiredAttribute('outputColumn'));
  const table = new Map<string, Present | undefined>();
  for (const row of readInlineTable(element)) {
    const cells = columns.map(({ column, field }) => {
      const value = row[column] === undefined ? INVALID : cast(row[column], field.dataType);
      return value === INVALID ? undefined : value;
    });
    // As in a look-up from the top, the first row that fits counts.
    const key = keyOf(cells);
    if (key !== undefined && !table.has(key)) table.set(key, valueOf(row[output]));
  }
  const whenMissing = valueOf(element.attribute('mapMissingTo'));
  const otherwise = valueOf(element.attribute('defaultValue'));
  return {
    dataType,
    compute: (row) => {
      const key = keyOf(columns.map(({ field }) => field.read(row)));
      if (key === undefined) return whenMissing;
      return table.has(key) ? table.get(key) : otherwise;
    },
  };
}

/** @returns undefined where a value is missing. */
function keyOf(values: readonly (Present | undefined)[]): string | undefined {
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
