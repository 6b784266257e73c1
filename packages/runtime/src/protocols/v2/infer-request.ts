import type { TensorData } from '../../model/tensor-model';

/** A tensor as JSON carries it; whether `data` fits `shape` and `datatype` is looked at when it is read. */
export interface InferInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  /** As the client sent them. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** Flat, or nested to any depth; empty where the elements are binary. */
  readonly data: readonly unknown[];
  /** Bytes behind the JSON that are this tensor's. */
  readonly binarySize?: number | undefined;
  /** Its elements once those bytes are read. */
  readonly raw?: TensorData;
}

export interface InferRequest {
  /** That of its path. */
  readonly version: string | undefined;
  /** Undefined where the client sent none; the answer then gets a fresh one. */
  readonly id: string | undefined;
  /** Request parameter `content_type: pd`: every input is a column. */
  readonly columnar: boolean;
  readonly inputs: readonly InferInput[];
  /** As the client sent them. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** Names of the outputs to send, all when empty. */
  readonly outputs: readonly string[];
  /** Content types of outputs by their names; there, if empty, where the request speaks of content types at all. @default - it does not */
  readonly outputTypes?: ReadonlyMap<string, string> | undefined;
  /** Whether an output is to be sent as bytes. @default - none is */
  readonly isBinary?: ((output: string) => boolean) | undefined;
}

/** One entry of the `detail` array that KServe's schema check answers with (status 422). */
export interface SchemaProblem {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Every V2 problem is located from here, as in KServe. */
export const BODY = ['body', 'InferenceRequest'] as const;

/**
 * Checks a parsed body against the schema of an inference request. All problems are reported together. What is usual makes no
 * paths of problems, and objects of one shape: for one row this takes as long as the model does.
 *
 * @param version that of the path. @param binary whether bytes of tensors follow the JSON.
 */
export function parseInferRequest(body: unknown, version: string | undefined, binary: boolean): InferRequest | { readonly problems: readonly SchemaProblem[] } {
  const problems: SchemaProblem[] = [];
  if (!isFields(body)) return { problems: [problem('dict_type', [...BODY], 'Input should be a valid dictionary')] };
  const { id, parameters, inputs, outputs } = body;
  if (id !== undefined && id !== null && typeof id !== 'string') problems.push(problem('string_type', [...BODY, 'id'], 'Input should be a valid string'));
  if (parameters !== undefined) checkParameters(parameters, [...BODY, 'parameters'], problems);
  const parsedInputs: InferInput[] = [];
  if (!Array.isArray(inputs)) {
    problems.push(problem(inputs === undefined ? 'missing' : 'list_type', [...BODY, 'inputs'], inputs === undefined ? 'Field required' : 'Input should be a valid list'));
  } else {
    for (let i = 0; i < inputs.length; i++) parseInput(inputs[i], i, binary, parsedInputs, problems);
  }
  const names = parseOutputs(outputs, problems);
  if (problems.length > 0) return { problems };
  const isBinary = binaryOutputs(parameters, outputs);
  const outputTypes = outputTypesOf(outputs);
  return {
    version,
    id: typeof id === 'string' && id !== '' ? id : undefined,
    columnar: isFields(parameters) && parameters['content_type'] === 'pd',
    parameters: isFields(parameters) ? parameters : undefined,
    inputs: parsedInputs,
    outputs: names,
    outputTypes,
    isBinary,
  };
}

function parseInput(value: unknown, index: number, binary: boolean, inputs: InferInput[], problems: SchemaProblem[]): void {
  const at = (...member: (string | number)[]): (string | number)[] => [...BODY, 'inputs', index, ...member];
  if (!isFields(value)) {
    problems.push(problem('model_attributes_type', at(), 'Input should be a valid dictionary'));
    return;
  }
  const { name, shape, datatype, data, parameters } = value;
  const dimensions = Array.isArray(shape) ? shape.map(dimensionOf) : undefined;
  if (typeof name !== 'string') problems.push(missingOr(name, 'string_type', at('name'), 'Input should be a valid string'));
  if (!dimensions) problems.push(missingOr(shape, 'list_type', at('shape'), 'Input should be a valid list'));
  else if (dimensions.includes(undefined)) problems.push(problem('int_parsing', at('shape', dimensions.indexOf(undefined)), 'Input should be a valid integer'));
  if (typeof datatype !== 'string') problems.push(missingOr(datatype, 'string_type', at('datatype'), 'Input should be a valid string'));
  if (parameters !== undefined) checkParameters(parameters, at('parameters'), problems);
  const size = binary && data === undefined && isFields(parameters) ? parameters['binary_data_size'] : undefined;
  if (size !== undefined) {
    if (!Number.isSafeInteger(size) || (size as number) < 0) problems.push(problem('int_parsing', at('parameters', 'binary_data_size'), 'Input should be a whole number of bytes'));
  } else if (!Array.isArray(data)) {
    const cut = isFields(parameters) && parameters['binary_data_size'] !== undefined;
    const msg = 'Field required; for binary data send the header Inference-Header-Content-Length, the length of the JSON part';
    problems.push(cut && data === undefined ? problem('missing', at('data'), msg) : missingOr(data, 'list_type', at('data'), 'Input should be a valid list'));
  }
  if (problems.length === 0) {
    inputs.push({
      name: name as string,
      shape: dimensions as number[],
      datatype: (datatype as string).toUpperCase(),
      parameters: isFields(parameters) ? parameters : undefined,
      data: size === undefined ? (data as unknown[]) : [],
      binarySize: size as number | undefined,
    });
  }
}

/** What an output says of itself goes before what the request says; KServe differs: a listed output is JSON unless it says otherwise. */
function binaryOutputs(parameters: unknown, outputs: unknown): ((output: string) => boolean) | undefined {
  const all = isFields(parameters) && parameters['binary_data_output'] === true;
  const listed = (outputs ?? []) as readonly Fields[];
  if (listed.length === 0) return all ? () => true : undefined;
  const binary = new Set<unknown>();
  for (const { name, parameters: said } of listed) {
    const wanted = isFields(said) ? said['binary_data'] : undefined;
    if (typeof wanted === 'boolean' ? wanted : all) binary.add(name);
  }
  return binary.size > 0 ? (output) => binary.has(output) : undefined;
}

function outputTypesOf(outputs: unknown): ReadonlyMap<string, string> | undefined {
  let types: Map<string, string> | undefined;
  for (const { name, parameters } of (outputs ?? []) as readonly Fields[]) {
    const type = isFields(parameters) ? parameters['content_type'] : undefined;
    if (typeof type === 'string') (types ??= new Map()).set(name as string, type);
  }
  return types;
}

function parseOutputs(outputs: unknown, problems: SchemaProblem[]): readonly string[] {
  if (outputs === undefined || outputs === null) return [];
  const at = [...BODY, 'outputs'];
  if (!Array.isArray(outputs)) {
    problems.push(problem('list_type', at, 'Input should be a valid list'));
    return [];
  }
  return outputs.map((output: unknown, i) => {
    if (isFields(output)) checkParameters(output['parameters'], [...at, i, 'parameters'], problems);
    const name = isFields(output) ? output['name'] : undefined;
    if (typeof name === 'string') return name;
    problems.push(missingOr(name, 'string_type', [...at, i, 'name'], 'Input should be a valid string'));
    return '';
  });
}

function checkParameters(parameters: unknown, at: readonly (string | number)[], problems: SchemaProblem[]): void {
  if (parameters === undefined || parameters === null) return;
  if (!isFields(parameters)) {
    problems.push(problem('dict_type', at, 'Input should be a valid dictionary'));
    return;
  }
  for (const [key, value] of Object.entries(parameters)) {
    if (typeof value === 'object') problems.push(problem('string_type', [...at, key], 'Input should be a string, boolean, integer or number'));
  }
}

/** Whole numbers, also as text, as KServe coerces them. */
function dimensionOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= -1 ? (number as number) : undefined;
}

function missingOr(value: unknown, type: string, loc: readonly (string | number)[], msg: string): SchemaProblem {
  return value === undefined ? problem('missing', loc, 'Field required') : problem(type, loc, msg);
}

function problem(type: string, loc: readonly (string | number)[], msg: string): SchemaProblem {
  return { type, loc, msg };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
