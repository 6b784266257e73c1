import type { DataField } from '../fields/data-dictionary';
import type { TargetField } from '../fields/mining-schema';
import type { Compute } from '../fields/row';
import type { Scope } from '../fields/scope';
import { type Present, type Value, literal } from '../fields/value';
import type { OutputField } from '../outputs';
import type { Prediction } from '../prediction';
import type { Element } from '../xml/element';

/** A model of a document, its fields and functions resolved. */
export interface CompiledModel {
  readonly functionName: FunctionName;
  readonly target?: TargetField;
  readonly outputs: readonly OutputField[];
  /** Outputs that are part of the answer: its own, and those of models chained inside it. */
  readonly results: readonly OutputField[];
  /** Also puts the values of the outputs into the row. */
  readonly evaluate: Compute<Prediction>;
}

export const FUNCTION_NAMES = ['regression', 'classification', 'clustering', 'mixed'] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** What the compiler of one kind of model is given. */
export interface ModelContext {
  readonly scope: Scope;
  readonly dictionary: ReadonlyMap<string, DataField>;
  readonly functionName: FunctionName;
  /** That of the model, or else of the model around it. */
  readonly target?: TargetField;
  /** Rounds to what the document computes in: doubles, or floats. */
  readonly round: (value: number) => number;
  /** Takes the outputs of models inside that are part of the answer, which JPMML-Evaluator has before those of the model itself. */
  readonly innerResults: OutputField[];
  /** Compiles a model inside this one. */
  compile(element: Element, scope: Scope): CompiledModel;
}

/** Compiles the element of one kind of model. */
export type CompileModelKind = (element: Element, context: ModelContext) => Compute<Prediction>;

export const NOTHING: Prediction = { value: undefined };

/** A category as the target has it: `1` of an integer target is a number. */
export function categoryOf(text: string, { target }: Pick<ModelContext, 'target'>, at: Element): Present {
  return literal(text, target?.dataType ?? 'string', at);
}

/** The category of the highest number; of several the first. */
export function best(scores: ReadonlyMap<Present, number>): Value {
  let winner: Value;
  let most = -Infinity;
  for (const [category, score] of scores) {
    if (winner === undefined || score > most) [winner, most] = [category, score];
  }
  return winner;
}

/** A prediction of the category with the highest probability. */
export function mostProbable(probabilities: ReadonlyMap<Present, number>): Prediction {
  return { value: best(probabilities), probabilities };
}

/** Numbers divided by their sum; as they are where that is 0. */
export function shares(numbers: ReadonlyMap<Present, number>, round: (value: number) => number = (value) => value): ReadonlyMap<Present, number> {
  let sum = 0;
  for (const number of numbers.values()) sum = round(sum + number);
  return sum === 0 ? numbers : new Map([...numbers].map(([category, number]) => [category, round(number / sum)]));
}

/** Softmax of scores by category; the largest is taken off first, which changes nothing but overflows. */
export function softmax(scores: ReadonlyMap<Present, number>, round: (value: number) => number): ReadonlyMap<Present, number> {
  const most = Math.max(...scores.values());
  return shares(new Map([...scores].map(([category, score]) => [category, round(Math.exp(round(score - most)))])), round);
}
