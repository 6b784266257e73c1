import { isInside, readInterval } from '../fields/data-dictionary';
import type { Scope } from '../fields/scope';
import { dataTypeOf, literal } from '../fields/value';
import type { Element } from '../xml/element';
import type { Expression } from './expression';

/** The value of the first bin whose interval a number lies in. */
export function compileDiscretize(element: Element, scope: Scope): Expression {
  const { read } = scope.field(element.requiredAttribute('field'), element);
  const dataType = dataTypeOf(element, 'string');
  const valueOf = (text: string | undefined) => (text === undefined ? undefined : literal(text, dataType, element));
  const bins = element.all('DiscretizeBin').map((bin) => ({ interval: readInterval(bin.required('Interval')), value: valueOf(bin.requiredAttribute('binValue')) }));
  const whenMissing = valueOf(element.attribute('mapMissingTo'));
  const otherwise = valueOf(element.attribute('defaultValue'));
  return {
    dataType,
    compute: (row) => {
      const value = read(row);
      if (typeof value !== 'number') return whenMissing;
      const bin = bins.find(({ interval }) => isInside(interval, value));
      return bin ? bin.value : otherwise;
    },
  };
}
