import { compileExpression } from '../expressions/compile-expression';
import type { Expression } from '../expressions/expression';
import type { Element } from '../xml/element';
import type { Field } from './field';
import type { Compute } from './row';
import type { Scope } from './scope';
import { type DataType, OP_TYPES, type Value, castOrMissing, dataTypeOf, literal } from './value';

/** Defines the DerivedFields and DefineFunctions of a TransformationDictionary or LocalTransformations. */
export function defineTransformations(dictionary: Element | undefined, scope: Scope): void {
  for (const definition of dictionary?.all('DefineFunction') ?? []) scope.defineFunction(definition.requiredAttribute('name'), definition);
  const derived = dictionary?.all('DerivedField') ?? [];
  for (const element of derived) {
    const name = element.requiredAttribute('name');
    scope.define(name, element, () => compileDerivedField(element, name, scope));
  }
  // Looked up at once, so that a fault in a field that no row needs is found when the model is loaded.
  for (const element of derived) scope.field(element.requiredAttribute('name'), element);
}

/** A DerivedField without a name of its own is one of a NeuralInput and the like. */
export function compileDerivedField(element: Element, name: string, scope: Scope): Field {
  const dataType = dataTypeOf(element);
  const opType = element.oneOf('optype', OP_TYPES);
  const expression = element.children.find((child) => child.name !== 'Extension' && child.name !== 'Value');
  if (!expression) throw element.corrupt('has no expression');
  const { result, depth } = scope.measured(element, () => compileExpression(expression, scope));
  const values = element.all('Value').map((value) => literal(value.requiredAttribute('value'), dataType, value));
  return { name, dataType, opType, depth, read: onceARow(typed(result, dataType), scope.document.nextSlot()), ...(values.length > 0 ? { values } : {}) };
}

/** What an expression gives, as the type it is declared to have; what the type cannot hold is missing. */
export function typed(expression: Expression, dataType: DataType): Compute<Value> {
  if (expression.dataType === dataType) return expression.compute;
  const { compute } = expression;
  return (row) => castOrMissing(compute(row), dataType);
}

function onceARow(compute: Compute<Value>, slot: number): Compute<Value> {
  return (row) => {
    const known = row[slot];
    // A missing value is a value, too: computed again at each use, fields of fields would take time without end.
    if (known !== null) return known;
    const value = compute(row);
    row[slot] = value;
    return value;
  };
}
