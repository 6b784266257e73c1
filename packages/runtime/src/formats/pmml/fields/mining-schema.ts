import type { Element } from '../xml/element';
import type { DataField } from './data-dictionary';
import type { Field } from './field';
import { type Prepare, isPlain, prepareOf } from './prepare';
import type { Scope } from './scope';
import type { Value } from './value';

const TARGETS = ['target', 'predicted'];

/** A field that a request gives. */
export interface InputField {
  readonly data: DataField;
  readonly slot: number;
  readonly prepare: Prepare;
}

/** The target of a model: its name and what its values may be. */
export type TargetField = Pick<DataField, 'name' | 'dataType' | 'opType' | 'values'>;

/** The MiningField of the target. @returns undefined for a model without one. @throws IsvcError ISVC_MODEL_UNSUPPORTED for several. */
export function readTarget(model: Element, dictionary: ReadonlyMap<string, DataField>): TargetField | undefined {
  const targets = miningFields(model).filter((field) => TARGETS.includes(field.attribute('usageType') ?? ''));
  const [target, second] = targets;
  if (second) throw second.unsupported('is a second target; models of several targets are not read');
  return target && dictionary.get(target.requiredAttribute('name'));
}

/** The fields that a request gives to the model, in the order of the schema, defined in the scope. */
export function defineInputs(model: Element, dictionary: ReadonlyMap<string, DataField>, scope: Scope): readonly InputField[] {
  const inputs: InputField[] = [];
  for (const mining of miningFields(model)) {
    const usage = mining.attribute('usageType') ?? 'active';
    if (TARGETS.includes(usage)) continue;
    const name = mining.requiredAttribute('name');
    const data = dictionary.get(name);
    if (!data) throw mining.corrupt(`names "${name.slice(0, 60)}", which the DataDictionary does not have`);
    const slot = scope.document.nextSlot();
    scope.define(name, mining, () => fieldAt(data, slot));
    if (usage === 'active') inputs.push({ data, slot, prepare: prepareOf(mining, data) });
  }
  return inputs;
}

/** The fields of a model inside a model: those around it, with the treatments that its own schema adds. */
export function defineSegmentFields(model: Element, dictionary: ReadonlyMap<string, DataField>, scope: Scope, around: Scope): void {
  for (const mining of miningFields(model)) {
    const name = mining.requiredAttribute('name');
    if (TARGETS.includes(mining.attribute('usageType') ?? 'active') || isPlain(mining)) continue;
    const outer = around.field(name, mining);
    const data = dictionary.get(name) ?? { ...outer, values: outer.values ?? [], invalid: [], missing: [], intervals: [] };
    const prepare = prepareOf(mining, data);
    scope.define(name, mining, () => ({ ...outer, read: (row): Value => prepare(outer.read(row)) }));
  }
}

function miningFields(model: Element): readonly Element[] {
  return model.required('MiningSchema').all('MiningField');
}

function fieldAt({ name, dataType, opType, values }: DataField, slot: number): Field {
  return { name, dataType, opType, depth: 0, read: (row) => row[slot] ?? undefined, ...(values.length > 0 ? { values } : {}) };
}
