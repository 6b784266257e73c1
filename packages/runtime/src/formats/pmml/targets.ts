import type { Value } from './fields/value';
import type { TargetField } from './fields/mining-schema';
import type { FunctionName } from './models/model';
import type { Prediction } from './prediction';
import { literal } from './fields/value';
import type { Element } from './xml/element';

/** Changes a prediction as the Targets of a model say: bounds, scale, whole numbers, what stands for no prediction. */
export type Retarget = (prediction: Prediction) => Prediction;

const CASTS = { round: (x: number): number => Math.floor(x + 0.5), ceiling: Math.ceil, floor: Math.floor } as const;

export function compileTargets(model: Element, target: TargetField | undefined, functionName: FunctionName): Retarget {
  const all = model.child('Targets')?.all('Target') ?? [];
  const element = all.find((one) => one.attribute('field') === undefined || one.attribute('field') === target?.name);
  if (!element) return (prediction) => prediction;
  return functionName === 'regression' ? numeric(element) : categorical(element, target);
}

function numeric(element: Element): Retarget {
  const [least, most] = [element.number('min', -Infinity), element.number('max', Infinity)];
  const [factor, constant] = [element.number('rescaleFactor', 1), element.number('rescaleConstant', 0)];
  const castName = element.attribute('castInteger') === undefined ? undefined : element.oneOf('castInteger', ['round', 'ceiling', 'floor']);
  const whole = castName === undefined ? (x: number): number => x : CASTS[castName];
  const otherwise = element.child('TargetValue')?.optionalNumber('defaultValue');
  return (prediction) => {
    const { value } = prediction;
    if (value === undefined) return otherwise === undefined ? prediction : { ...prediction, value: otherwise };
    return { ...prediction, value: whole(Math.min(Math.max(Number(value), least), most) * factor + constant) };
  };
}

function categorical(element: Element, target: TargetField | undefined): Retarget {
  const values = element.all('TargetValue').map((one) => ({
    value: literal(one.requiredAttribute('value'), target?.dataType ?? 'string', one),
    prior: one.optionalNumber('priorProbability'),
    display: one.attribute('displayValue'),
  }));
  const priors = new Map(values.flatMap(({ value, prior }) => (prior === undefined ? [] : [[value, prior] as const])));
  const displays = new Map<Value, string>(values.flatMap(({ value, display }) => (display === undefined ? [] : [[value, display] as const])));
  const [likeliest] = [...priors].sort(([, a], [, b]) => b - a);
  return (prediction) => {
    const known = prediction.value === undefined && likeliest ? { value: likeliest[0], probabilities: priors } : prediction;
    const displayName = displays.get(known.value);
    return displayName === undefined ? known : { ...known, displayName };
  };
}
