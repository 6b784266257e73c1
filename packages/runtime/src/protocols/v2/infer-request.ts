/** A tensor as JSON carries it; whether `data` fits `shape` and `datatype` is looked at when it is read. */
export interface InferInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  /** Flat, or nested to any depth. */
  readonly data: readonly unknown[];
}

export interface InferRequest {
  /** Undefined where the client sent none; the answer then gets a fresh one. */
  readonly id: string | undefined;
  /** Request parameter `content_type: pd`: every input is a column. */
  readonly columnar: boolean;
  readonly inputs: readonly InferInput[];
  /** Names of the outputs to send, all when empty. */
  readonly outputs: readonly string[];
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

/** Checks a parsed body against the schema of an inference request. All problems are reported together. */
export function parseInferRequest(body: unknown): InferRequest | { readonly problems: readonly SchemaProblem[] } {
  const problems: SchemaProblem[] = [];
  if (!isFields(body)) return { problems: [problem('dict_type', [...BODY], 'Input should be a valid dictionary')] };
  const { id, parameters, inputs, outputs } = body;
  if (id !== undefined && id !== null && typeof id !== 'string') problems.push(problem('string_type', [...BODY, 'id'], 'Input should be a valid string'));
  checkParameters(parameters, [...BODY, 'parameters'], problems);
  const parsedInputs: InferInput[] = [];
  if (!Array.isArray(inputs)) {
    problems.push(problem(inputs === undefined ? 'missing' : 'list_type', [...BODY, 'inputs'], inputs === undefined ? 'Field required' : 'Input should be a valid list'));
  } else {
    for (let i = 0; i < inputs.length; i++) parseInput(inputs[i], i, parsedInputs, problems);
  }
  const names = parseOutputs(outputs, problems);
  if (problems.length > 0) return { problems };
  return {
    id: typeof id === 'string' && id !== '' ? id : undefined,
    columnar: isFields(parameters) && parameters['content_type'] === 'pd',
    inputs: parsedInputs,
    outputs: names,
  };
}

function parseInput(value: unknown, index: number, inputs: InferInput[], problems: SchemaProblem[]): void {
  const at = [...BODY, 'inputs', index];
  if (!isFields(value)) {
    problems.push(problem('model_attributes_type', at, 'Input should be a valid dictionary'));
    return;
  }
  const { name, shape, datatype, data, parameters } = value;
  const dimensions = Array.isArray(shape) ? shape.map(dimensionOf) : undefined;
  if (typeof name !== 'string') problems.push(missingOr(name, 'string_type', [...at, 'name'], 'Input should be a valid string'));
  if (!dimensions) problems.push(missingOr(shape, 'list_type', [...at, 'shape'], 'Input should be a valid list'));
  else if (dimensions.includes(undefined)) problems.push(problem('int_parsing', [...at, 'shape', dimensions.indexOf(undefined)], 'Input should be a valid integer'));
  if (typeof datatype !== 'string') problems.push(missingOr(datatype, 'string_type', [...at, 'datatype'], 'Input should be a valid string'));
  checkParameters(parameters, [...at, 'parameters'], problems);
  if (!Array.isArray(data)) {
    const binary = isFields(parameters) && parameters['binary_data_size'] !== undefined;
    const msg = 'Field required; binary tensors are not supported by this version, send "data" as JSON';
    problems.push(binary && data === undefined ? problem('missing', [...at, 'data'], msg) : missingOr(data, 'list_type', [...at, 'data'], 'Input should be a valid list'));
  }
  if (problems.length === 0) {
    inputs.push({ name: name as string, shape: dimensions as number[], datatype: (datatype as string).toUpperCase(), data: data as unknown[] });
  }
}

function parseOutputs(outputs: unknown, problems: SchemaProblem[]): readonly string[] {
  if (outputs === undefined || outputs === null) return [];
  const at = [...BODY, 'outputs'];
  if (!Array.isArray(outputs)) {
    problems.push(problem('list_type', at, 'Input should be a valid list'));
    return [];
  }
  return outputs.map((output: unknown, i) => {
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
