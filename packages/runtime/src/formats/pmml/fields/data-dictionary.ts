import type { Element } from '../xml/element';
import { type DataType, INVALID, OP_TYPES, type OpType, type Present, cast, dataTypeOf, literal } from './value';

/** A DataField: what a value of that name may be. */
export interface DataField {
  readonly name: string;
  readonly dataType: DataType;
  readonly opType: OpType;
  /** Valid values in the document's order. @default - any, or those of the intervals */
  readonly values: readonly Present[];
  readonly invalid: readonly Present[];
  /** Texts that mean a missing value. */
  readonly missing: readonly string[];
  readonly intervals: readonly Interval[];
}

/** A range of numbers; an open end has no bound. */
export interface Interval {
  readonly left: number;
  readonly right: number;
  readonly leftOpen: boolean;
  readonly rightOpen: boolean;
}

/** Reads the DataDictionary. @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED. */
export function readDataDictionary(root: Element): ReadonlyMap<string, DataField> {
  const fields = new Map<string, DataField>();
  for (const element of root.required('DataDictionary').all('DataField')) {
    const field = readDataField(element);
    if (fields.has(field.name)) throw element.corrupt(`${field.name} is there twice`);
    fields.set(field.name, field);
  }
  return fields;
}

export function readInterval(at: Element): Interval {
  const closure = at.oneOf('closure', ['openOpen', 'openClosed', 'closedOpen', 'closedClosed']);
  return {
    left: at.number('leftMargin', -Infinity),
    right: at.number('rightMargin', Infinity),
    leftOpen: closure.startsWith('open'),
    rightOpen: closure.endsWith('Open'),
  };
}

export function isInside({ left, right, leftOpen, rightOpen }: Interval, value: number): boolean {
  return (leftOpen ? value > left : value >= left) && (rightOpen ? value < right : value <= right);
}

function readDataField(element: Element): DataField {
  const dataType = dataTypeOf(element);
  const having = (property: string): Element[] => element.all('Value').filter((value) => (value.attribute('property') ?? 'valid') === property);
  const literals = (property: string): Present[] => having(property).map((value) => literal(value.requiredAttribute('value'), dataType, value));
  return {
    name: element.requiredAttribute('name'),
    dataType,
    opType: element.oneOf('optype', OP_TYPES),
    values: literals('valid'),
    // A value that the type cannot have is invalid without being listed.
    invalid: having('invalid').flatMap((value) => {
      const known = cast(value.requiredAttribute('value'), dataType);
      return known === INVALID ? [] : [known];
    }),
    missing: having('missing').map((value) => value.requiredAttribute('value')),
    intervals: element.all('Interval').map(readInterval),
  };
}
