import { IsvcError } from 'cdk8s-kserve/api';
import type { Element } from '../xml/element';
import { type DataField, isInside } from './data-dictionary';
import { type DataType, INVALID, type Present, type Value, cast, literal } from './value';

const WORDS: Readonly<Record<DataType, string>> = { string: 'text', integer: 'a whole number', float: 'a number', double: 'a number', boolean: 'true or false' };

/** Values that an error lists before it only counts. */
const VALUES_SHOWN = 10;

/** Makes the value of a field of what came from outside, under the treatments of a MiningField. */
export type Prepare = (value: Value) => Value;

/**
 * Compiles the treatments of a MiningField: outliers, missing values, invalid values.
 *
 * @returns a function that throws IsvcError ISVC_INPUT_INVALID for a value that the model returns as invalid.
 */
export function prepareOf(mining: Element, field: DataField): Prepare {
  const onOutlier = outlierTreatment(mining);
  const onMissing = missingTreatment(mining, field);
  const onInvalid = invalidTreatment(mining, field, onMissing);
  const missing = new Set(field.missing);
  return (value) => {
    if (isMissing(value) || (missing.size > 0 && missing.has(String(value)))) return onMissing();
    const present = cast(value as Present, field.dataType);
    if (present === INVALID || !isValid(field, present)) return onInvalid(value as Present);
    if (typeof present !== 'number' || field.opType !== 'continuous') return present;
    return onOutlier(present) ?? onMissing();
  };
}

/** Whether a MiningField changes nothing but the rejection of invalid values. */
export function isPlain(mining: Element): boolean {
  return ['outliers', 'missingValueReplacement', 'missingValueTreatment', 'invalidValueTreatment'].every((name) => mining.attribute(name) === undefined);
}

function isMissing(value: Value): boolean {
  return value === undefined || (typeof value === 'number' && Number.isNaN(value));
}

function isValid({ values, invalid, intervals }: DataField, value: Present): boolean {
  if (invalid.includes(value)) return false;
  if (values.includes(value)) return true;
  if (intervals.length > 0) return typeof value === 'number' && intervals.some((interval) => isInside(interval, value));
  return values.length === 0;
}

function outlierTreatment(mining: Element): (value: number) => number | undefined {
  const treatment = mining.oneOf('outliers', ['asIs', 'asMissingValues', 'asExtremeValues'], 'asIs');
  if (treatment === 'asIs') return (value) => value;
  const low = mining.number('lowValue', -Infinity);
  const high = mining.number('highValue', Infinity);
  if (treatment === 'asExtremeValues') return (value) => Math.min(Math.max(value, low), high);
  return (value) => (value < low || value > high ? undefined : value);
}

function missingTreatment(mining: Element, field: DataField): () => Value {
  const treatment = mining.oneOf('missingValueTreatment', ['asIs', 'asMean', 'asMode', 'asMedian', 'asValue', 'returnInvalid'], 'asIs');
  if (treatment === 'returnInvalid') {
    return () => {
      throw new IsvcError('ISVC_INPUT_INVALID', `field "${field.name}" is missing, and the model requires it`);
    };
  }
  const replacement = mining.attribute('missingValueReplacement');
  const value = replacement === undefined ? undefined : literal(replacement, field.dataType, mining);
  return () => value;
}

function invalidTreatment(mining: Element, field: DataField, onMissing: () => Value): (value: Present) => Value {
  const treatment = mining.oneOf('invalidValueTreatment', ['returnInvalid', 'asIs', 'asMissing', 'asValue'], 'returnInvalid');
  if (treatment === 'asMissing') return onMissing;
  if (treatment === 'asValue') {
    const replacement = literal(mining.requiredAttribute('invalidValueReplacement'), field.dataType, mining);
    return () => replacement;
  }
  if (treatment === 'asIs') {
    return (value) => {
      const present = cast(value, field.dataType);
      // A text where a number belongs cannot be computed with, as it is or otherwise.
      if (present === INVALID) throw invalid(field, value);
      return present;
    };
  }
  return (value) => {
    throw invalid(field, value);
  };
}

function invalid(field: DataField, value: Present): IsvcError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
  return new IsvcError('ISVC_INPUT_INVALID', `field "${field.name}" is ${shown}; allowed is ${allowed(field)}`);
}

function allowed({ dataType, values, intervals }: DataField): string {
  const ranges = intervals.map(({ left, right, leftOpen, rightOpen }) => `${leftOpen ? '(' : '['}${left}, ${right}${rightOpen ? ')' : ']'}`);
  const listed = values.slice(0, VALUES_SHOWN).map((value) => JSON.stringify(value));
  const rest = values.length > VALUES_SHOWN ? [`${values.length - VALUES_SHOWN} more`] : [];
  return [...listed, ...rest, ...ranges].join(', ') || WORDS[dataType];
}
