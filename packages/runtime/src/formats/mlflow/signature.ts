import { IsvcError, messageOf } from 'cdk8s-kserve/api';

/** A column that a model takes. */
export interface SignatureColumn {
  /** @default - columns go by position */
  readonly name?: string;
  readonly type: string;
  readonly required: boolean;
}

/** The inputs of MLflow's signature: columns, or one tensor of `[-1, columns]`. */
export type Signature =
  | { readonly kind: 'columns'; readonly columns: readonly SignatureColumn[] }
  | { readonly kind: 'tensors'; readonly tensors: readonly { readonly name?: string; readonly dtype: string; readonly shape: readonly number[] }[] };

/** Reads `signature` of an MLmodel; its `inputs` are JSON in a text. @returns undefined where it says nothing of inputs. */
export function signatureOf(fields: Readonly<Record<string, unknown>>): Signature | undefined {
  const { inputs } = fields;
  if (inputs === undefined || inputs === null) return undefined;
  const entries = parseInputs(inputs);
  if (entries.length === 0) return undefined;
  if (entries.some(({ type }) => type === 'tensor')) return { kind: 'tensors', tensors: entries.map(tensorOf) };
  return { kind: 'columns', columns: entries.map(columnOf) };
}

type Entry = Readonly<Record<string, unknown>>;

function parseInputs(inputs: unknown): readonly Entry[] {
  let json: unknown;
  try {
    json = typeof inputs === 'string' ? JSON.parse(inputs) : inputs;
  } catch (error) {
    throw corrupt(`is no JSON: ${messageOf(error)}`);
  }
  if (!Array.isArray(json) || !json.every((entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry))) throw corrupt('is no list of columns or tensors');
  return json as readonly Entry[];
}

function columnOf(entry: Entry): SignatureColumn {
  const { type, name, required, optional } = entry;
  if (typeof type !== 'string') throw corrupt('has a column without a type');
  return { type, required: required !== false && optional !== true, ...(typeof name === 'string' ? { name } : {}) };
}

function tensorOf(entry: Entry): { readonly name?: string; readonly dtype: string; readonly shape: readonly number[] } {
  const spec = entry['tensor-spec'] as { readonly dtype?: unknown; readonly shape?: unknown } | undefined;
  const { dtype, shape } = spec ?? {};
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(Number.isSafeInteger)) throw corrupt('has a tensor without dtype and shape');
  const { name } = entry;
  return { dtype, shape: shape as number[], ...(typeof name === 'string' ? { name } : {}) };
}

function corrupt(problem: string): IsvcError {
  return new IsvcError('ISVC_MODEL_CORRUPT', `signature.inputs ${problem}`, { path: 'MLmodel', hint: 'log the model again' });
}
