import type { Compute } from '../fields/row';
import type { Scope } from '../fields/scope';
import type { Value } from '../fields/value';
import type { Element } from '../xml/element';
import type { Expression } from './expression';

/** A piecewise linear function: its corners by rising `orig`. */
export interface PiecewiseLinear {
  readonly orig: readonly number[];
  readonly norm: readonly number[];
}

/** @throws IsvcError ISVC_MODEL_CORRUPT for fewer than two corners or unsorted ones. */
export function readLinearNorms(element: Element): PiecewiseLinear {
  const corners = element.all('LinearNorm');
  const orig = corners.map((corner) => corner.number('orig'));
  const norm = corners.map((corner) => corner.number('norm'));
  if (corners.length < 2) throw element.corrupt(`has ${corners.length} LinearNorm, it needs two or more`);
  if (orig.some((value, i) => i > 0 && !(value > (orig[i - 1] as number)))) throw element.corrupt('has LinearNorm elements that do not rise');
  return { orig, norm };
}

/** The value of the function; beyond its ends the outermost pieces go on. */
export function interpolate({ orig, norm }: PiecewiseLinear, value: number): number {
  let piece = 1;
  while (piece < orig.length - 1 && value > (orig[piece] as number)) piece++;
  const [x0, x1, y0, y1] = [orig[piece - 1] as number, orig[piece] as number, norm[piece - 1] as number, norm[piece] as number];
  return y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
}

export function compileNormContinuous(element: Element, scope: Scope): Expression {
  const { read } = scope.field(element.requiredAttribute('field'), element);
  const pieces = readLinearNorms(element);
  const whenMissing = element.optionalNumber('mapMissingTo');
  const outliers = element.oneOf('outliers', ['asIs', 'asMissingValues', 'asExtremeValues'], 'asIs');
  const [low, high] = [pieces.orig[0] as number, pieces.orig.at(-1) as number];
  const compute: Compute<Value> = (row) => {
    const value = read(row);
    if (typeof value !== 'number') return whenMissing;
    if (outliers === 'asIs' || (value >= low && value <= high)) return interpolate(pieces, value);
    return outliers === 'asMissingValues' ? whenMissing : interpolate(pieces, value < low ? low : high);
  };
  return { compute, dataType: 'double' };
}
