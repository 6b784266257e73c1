import type { Scope } from '../fields/scope';
import { literal } from '../fields/value';
import type { Element } from '../xml/element';
import type { Expression } from './expression';

/** 1 where a field has a value, 0 where it has another. */
export function compileNormDiscrete(element: Element, scope: Scope): Expression {
  const { read, dataType } = scope.field(element.requiredAttribute('field'), element);
  const wanted = literal(element.requiredAttribute('value'), dataType, element);
  const whenMissing = element.optionalNumber('mapMissingTo');
  return {
    dataType: 'double',
    compute: (row) => {
      const value = read(row);
      if (value === undefined) return whenMissing;
      return value === wanted ? 1 : 0;
    },
  };
}
