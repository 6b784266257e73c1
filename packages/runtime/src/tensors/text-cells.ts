import type { Matrix } from '../model/model';

/** Text met while a matrix is filled, by column; becomes the `texts` of the matrix. */
export class TextCells {
  private readonly columns = new Map<number, (string | undefined)[]>();

  add(row: number, column: number, text: string): void {
    let cells = this.columns.get(column);
    if (!cells) this.columns.set(column, (cells = []));
    while (cells.length < row) cells.push(undefined);
    cells[row] = text;
  }

  /** A part of a matrix: nothing where there was no text. */
  texts(rows: number): Pick<Matrix, 'texts'> {
    if (this.columns.size === 0) return {};
    for (const cells of this.columns.values()) while (cells.length < rows) cells.push(undefined);
    return { texts: this.columns };
  }
}
