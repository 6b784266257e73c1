import type { Compute } from './row';
import type { DataType, OpType, Present, Value } from './value';

/** Something with a name that expressions, predicates and models read. */
export interface Field {
  readonly name: string;
  readonly dataType: DataType;
  readonly opType: OpType;
  /** Valid values in the document's order, of categorical and ordinal fields. @default - any */
  readonly values?: readonly Present[];
  /** How many fields its value is computed through, one after the other; 0 for an input. */
  readonly depth: number;
  readonly read: Compute<Value>;
}
