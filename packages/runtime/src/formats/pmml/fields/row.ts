import type { Value } from './value';

/**
 * The values of one row while it is evaluated, one slot a field of the whole document; `null` is not computed yet.
 * A row lives for one evaluation.
 */
export type Row = (Value | null)[];

/** Computes something of a row. */
export type Compute<Result> = (row: Row) => Result;
