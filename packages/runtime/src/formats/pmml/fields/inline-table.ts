import type { Element } from '../xml/element';

/** A row of an InlineTable: texts by the names of its cells. */
export type TableRow = Readonly<Record<string, string>>;

/** The rows of the InlineTable inside an element. @throws IsvcError ISVC_MODEL_UNSUPPORTED for a TableLocator, which is never followed. */
export function readInlineTable(owner: Element): readonly TableRow[] {
  const table = owner.child('InlineTable');
  if (!table) throw owner.unsupported('has no InlineTable; tables outside the document are not read');
  return table.all('row').map((row) => Object.fromEntries(row.children.map((cell) => [cell.name, cell.text.trim()])));
}
