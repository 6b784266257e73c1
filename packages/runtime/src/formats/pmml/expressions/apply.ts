import { didYouMean } from 'cdk8s-kserve/api';
import type { Compute } from '../fields/row';
import type { Scope } from '../fields/scope';
import { OP_TYPES, type Value, castOrMissing, dataTypeOf, literal } from '../fields/value';
import type { Element } from '../xml/element';
import { BUILTIN_FUNCTIONS, type BuiltinFunction } from './builtin-functions';
import type { Expression } from './expression';

/** A call of a function: one of the library, or one that the document defines. */
export function compileApply(element: Element, scope: Scope, compile: (element: Element, scope: Scope) => Expression): Expression {
  const name = element.requiredAttribute('function');
  const inside = element.children.filter((child) => child.name !== 'Extension');
  const operands = inside.map((child) => compile(child, scope));
  return withReplacements(element, call(element, name, operands, (definition) => inlined(element, definition, operands, scope, compile), scope));
}

function call(element: Element, name: string, operands: readonly Expression[], inline: (definition: Element) => Expression, scope: Scope): Expression {
  if (name === 'if') return conditional(element, operands);
  const builtin = Object.hasOwn(BUILTIN_FUNCTIONS, name) ? BUILTIN_FUNCTIONS[name] : undefined;
  if (builtin) return callBuiltin(element, builtin, operands);
  const definition = scope.functionNamed(name);
  if (definition) return inline(definition);
  const near = didYouMean(name, [...Object.keys(BUILTIN_FUNCTIONS), 'if']);
  throw element.unsupported(`calls the function "${name.slice(0, 60)}", which is not read${near === undefined ? '' : `; ${near}?`}`);
}

function callBuiltin(element: Element, { least, most, takesMissing = false, dataType, call: run }: BuiltinFunction, operands: readonly Expression[]): Expression {
  if (operands.length < least || operands.length > most) {
    throw element.corrupt(`calls ${element.attribute('function')} with ${operands.length} arguments; it takes ${least}${most === least ? '' : ' or more'}`);
  }
  const computes = operands.map(({ compute }) => compute);
  const compute: Compute<Value> = (row) => {
    const values: Value[] = [];
    for (const operand of computes) {
      const value = operand(row);
      if (value === undefined && !takesMissing) return undefined;
      values.push(value);
    }
    return run(values);
  };
  return { compute, ...(dataType ? { dataType } : {}) };
}

/** Only the branch that is taken is computed. */
function conditional(element: Element, operands: readonly Expression[]): Expression {
  const [condition, then, otherwise] = operands;
  if (!condition || !then || operands.length > 3) throw element.corrupt(`calls if with ${operands.length} arguments; it takes 2 or 3`);
  const compute: Compute<Value> = (row) => {
    const holds = condition.compute(row);
    if (holds === undefined) return undefined;
    return holds === true ? then.compute(row) : otherwise?.compute(row);
  };
  const dataType = then.dataType !== undefined && then.dataType === (otherwise ?? then).dataType ? then.dataType : undefined;
  return { compute, ...(dataType ? { dataType } : {}) };
}

/** A function of the document, compiled anew at each use. */
function inlined(element: Element, definition: Element, operands: readonly Expression[], scope: Scope, compile: (element: Element, scope: Scope) => Expression): Expression {
  const parameters = definition.all('ParameterField');
  if (parameters.length !== operands.length) {
    throw element.corrupt(`calls ${element.attribute('function')} with ${operands.length} arguments; it is defined with ${parameters.length}`);
  }
  const body = definition.children.find((child) => child.name !== 'ParameterField' && child.name !== 'Extension');
  if (!body) throw definition.corrupt('has no expression');
  scope.document.countCall(element);
  const inner = scope.inside(element);
  parameters.forEach((parameter, i) => {
    const { compute, dataType } = operands[i] as Expression;
    const type = parameter.attribute('dataType') === undefined ? (dataType ?? 'double') : dataTypeOf(parameter);
    const slot = scope.document.nextSlot();
    inner.define(parameter.requiredAttribute('name'), parameter, () => ({
      name: parameter.requiredAttribute('name'),
      dataType: type,
      opType: parameter.oneOf('optype', OP_TYPES, type === 'string' || type === 'boolean' ? 'categorical' : 'continuous'),
      depth: 0,
      read: (row) => {
        const known = row[slot];
        if (known !== null) return known;
        return (row[slot] = parameter.attribute('dataType') === undefined ? compute(row) : castOrMissing(compute(row), type));
      },
    }));
  });
  const { result } = scope.measured(element, () => compile(body, inner));
  if (definition.attribute('dataType') === undefined) return result;
  const type = dataTypeOf(definition);
  return { compute: (row) => castOrMissing(result.compute(row), type), dataType: type };
}

/** `mapMissingTo` and `defaultValue` of a call. */
function withReplacements(element: Element, { compute, dataType }: Expression): Expression {
  const replacement = (name: string): Value => {
    const text = element.attribute(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    return dataType === undefined ? (Number.isNaN(number) ? text : number) : literal(text, dataType, element);
  };
  const otherwise = replacement('mapMissingTo') ?? replacement('defaultValue');
  const kept = dataType === undefined ? {} : { dataType };
  if (otherwise === undefined) return { compute, ...kept };
  return { compute: (row) => compute(row) ?? otherwise, ...kept };
}
