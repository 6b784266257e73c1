import type { Scope } from '../fields/scope';
import { type DataType, dataTypeOf, literal } from '../fields/value';
import { type Element, parseNumber } from '../xml/element';
import { compileApply } from './apply';
import { compileDiscretize } from './discretize';
import type { CompileKind, Expression } from './expression';
import { compileMapValues } from './map-values';
import { compileNormContinuous } from './norm-continuous';
import { compileNormDiscrete } from './norm-discrete';

/** Every expression that is read; a new one is one file and one line here. */
const EXPRESSIONS: Readonly<Record<string, CompileKind>> = {
  Constant: compileConstant,
  FieldRef: compileFieldRef,
  NormContinuous: compileNormContinuous,
  NormDiscrete: compileNormDiscrete,
  Discretize: compileDiscretize,
  MapValues: compileMapValues,
  Apply: compileApply,
};

/** Names of the expressions, for documentation. */
export const EXPRESSION_NAMES: readonly string[] = Object.keys(EXPRESSIONS);

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED for an expression that is not read, ISVC_MODEL_CORRUPT for a damaged one. */
export function compileExpression(element: Element, scope: Scope): Expression {
  const compile = Object.hasOwn(EXPRESSIONS, element.name) ? EXPRESSIONS[element.name] : undefined;
  if (compile) return compile(element, scope, compileExpression);
  throw element.unsupported(`is no expression that is read; known are ${EXPRESSION_NAMES.join(', ')}`);
}

function compileConstant(element: Element): Expression {
  if (element.flag('missing')) return { compute: () => undefined };
  const text = element.text.trim();
  const dataType = element.attribute('dataType') === undefined ? inferredType(text) : dataTypeOf(element);
  const value = literal(dataType === 'string' ? element.text : text, dataType, element);
  return { compute: () => value, dataType };
}

function inferredType(text: string): DataType {
  const number = parseNumber(text);
  if (number === undefined) return 'string';
  return /^[+-]?\d+$/.test(text) ? 'integer' : 'double';
}

function compileFieldRef(element: Element, scope: Scope): Expression {
  const { read, dataType } = scope.field(element.requiredAttribute('field'), element);
  const otherwise = element.attribute('mapMissingTo');
  if (otherwise === undefined) return { compute: read, dataType };
  const replacement = literal(otherwise, dataType, element);
  return { compute: (row) => read(row) ?? replacement, dataType };
}
