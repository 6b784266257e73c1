import { IsvcError } from 'cdk8s-kserve/api';
import type { Tensor } from '../model/tensor-model';
import { nestedRows } from './nested-rows';
import type { Payload, Result, V1Payload, V1Result, V2Payload, V2Result } from './payload';
import { tensorOf } from './tensor-of-rows';

export function isV1(payload: Payload): payload is V1Payload {
  return 'instances' in payload;
}

/**
 * Rows become one tensor `input-0`; rows that are objects become a tensor a key.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for rows that no tensor can hold.
 */
export function toV2(payload: Payload): V2Payload {
  if (!isV1(payload)) return payload;
  const { instances } = payload;
  if (!isRecord(instances[0])) return { inputs: [tensorOf('input-0', instances, 'instances')] };
  const keys = Object.keys(instances[0]);
  return { inputs: keys.map((key) => tensorOf(key, instances.map((row) => (isRecord(row) ? row[key] : undefined)), 'instances')) };
}

/** One tensor becomes rows; several become rows that are objects. */
export function toV1(payload: Payload): V1Payload {
  return isV1(payload) ? payload : { instances: rowsOf(payload.inputs) };
}

/** @throws IsvcError ISVC_SERVER_OWN_MODEL for a result that is neither. */
export function toV1Result(result: Result): V1Result {
  if ('predictions' in result && Array.isArray(result.predictions)) return result;
  return { predictions: rowsOf(tensorsOf(result)) };
}

export function toV2Result(result: Result): V2Result {
  if (!('predictions' in result) || !Array.isArray(result.predictions)) return { outputs: tensorsOf(result) };
  return { outputs: result.predictions.length === 0 ? [] : [tensorOf('output-0', result.predictions, 'predictions')] };
}

function tensorsOf(result: unknown): readonly Tensor[] {
  const outputs = isRecord(result) ? result['outputs'] : undefined;
  if (Array.isArray(outputs)) return outputs as readonly Tensor[];
  throw new IsvcError('ISVC_SERVER_OWN_MODEL', 'the model gave back neither { predictions: [...] } nor { outputs: [...] }', { hint: 'return one of them from predict and postprocess' });
}

function rowsOf(tensors: readonly Tensor[]): readonly unknown[] {
  const [only] = tensors;
  if (only === undefined) return [];
  if (tensors.length === 1) return nestedRows(only);
  const columns = tensors.map(({ name, ...tensor }) => [name, nestedRows({ name, ...tensor })] as const);
  return columns[0]?.[1].map((_row, i) => Object.fromEntries(columns.map(([name, rows]) => [name, rows[i]]))) ?? [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
