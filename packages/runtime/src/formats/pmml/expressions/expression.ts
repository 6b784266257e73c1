import type { Compute } from '../fields/row';
import type { Scope } from '../fields/scope';
import type { DataType, Value } from '../fields/value';
import type { Element } from '../xml/element';

/** An expression made ready to run. */
export interface Expression {
  readonly compute: Compute<Value>;
  /** What its values are. @default - known only when they are there */
  readonly dataType?: DataType;
}

/**
 * Compiles the element of one kind of expression.
 *
 * @param compile for the expressions inside it.
 */
export type CompileKind = (element: Element, scope: Scope, compile: (element: Element, scope: Scope) => Expression) => Expression;
