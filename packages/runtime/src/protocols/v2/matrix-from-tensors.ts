import { IsvcError } from 'cdk8s-kserve/api';
import type { Matrix, Model } from '../../model/model';
import type { TensorData } from '../../model/tensor-model';
import { halfValue } from '../../tensors/half';
import { doublesOfLongs } from '../../tensors/raw-tensor';
import { readElements, readTexts } from '../../tensors/read-elements';
import { TextCells } from '../../tensors/text-cells';
import type { InferInput, InferRequest } from './infer-request';

/**
 * The inputs of a V2 request as one matrix: one tensor of shape `[rows, columns]`, or several that are one column each
 * (`[rows]` or `[rows, 1]`). Columns go by name where the model has names and the request uses them, else by position.
 * A model that takes text takes BYTES tensors.
 * KServe differs: it reads the first input and ignores the others, unless `content_type` is `pd`.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for data that does not fit its shape, and for shapes that make no table.
 */
export function matrixFromTensors(request: InferRequest, model: Model): Matrix {
  const { inputs } = request;
  const [first] = inputs;
  if (!first) throw new IsvcError('ISVC_INPUT_INVALID', 'the request has no inputs; expected at least one tensor');
  if (inputs.length > 1 || (request.columnar && isColumn(first))) return matrixFromColumns(inputs, model);
  const { data, shape, texts } = readTensor(first, model);
  // A model of one feature takes a plain list; for any other the list may be a row or a column, and guessing is wrong.
  if (shape.length === 2 || (shape.length === 1 && model.features === 1)) {
    const [rows = 0, columns = 1] = shape;
    return { rows, columns, data, ...textCells(texts, columns).texts(rows) };
  }
  throw new IsvcError('ISVC_INPUT_INVALID', `Expected 2D array, got ${shape.length}D array instead: input '${first.name}' has shape [${shape.join(',')}]`, {
    hint: `send shape [rows,${model.features}]`,
  });
}

function matrixFromColumns(inputs: readonly InferInput[], model: Model): Matrix {
  const columns = inOrder(inputs, model).map((input) => {
    if (!isColumn(input)) {
      throw new IsvcError('ISVC_INPUT_INVALID', `with several inputs each must be one column of shape [n] or [n,1], but '${input.name}' has shape [${input.shape.join(',')}]`);
    }
    return readTensor(input, model);
  });
  const rows = columns[0]?.data.length ?? 0;
  const data = new Float64Array(rows * columns.length);
  const cells = new TextCells();
  columns.forEach(({ data: column, texts }, c) => {
    texts?.forEach((text, r) => text !== undefined && cells.add(r, c, text));
    if (column.length !== rows) throw new IsvcError('ISVC_INPUT_INVALID', `the inputs have different numbers of rows: ${rows} and ${column.length}`);
    for (let r = 0; r < rows; r++) data[r * columns.length + c] = column[r] ?? 0;
  });
  return { rows, columns: columns.length, data, ...cells.texts(rows) };
}

/** Texts of a tensor, row after row. */
function textCells(texts: readonly (string | undefined)[] | undefined, columns: number): TextCells {
  const cells = new TextCells();
  texts?.forEach((text, index) => text !== undefined && cells.add(Math.floor(index / columns), index % columns, text));
  return cells;
}

/** KServe differs: its lightgbm server ignores the names, which gives silently wrong numbers for permuted columns. */
function inOrder(inputs: readonly InferInput[], model: Model): readonly InferInput[] {
  const byName = new Map(inputs.map((input) => [input.name, input]));
  if (byName.size < inputs.length) throw new IsvcError('ISVC_INPUT_INVALID', 'two inputs have the same name');
  const names = model.featureNames;
  if (!names?.some((name) => byName.has(name))) return inputs;
  return names.map((name) => {
    const input = byName.get(name);
    if (!input) throw new IsvcError('ISVC_INPUT_INVALID', `the request lacks the column "${name}"`);
    return input;
  });
}

function isColumn({ shape }: InferInput): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1);
}

interface Tensor {
  readonly data: Float64Array;
  readonly shape: readonly number[];
  readonly texts?: readonly (string | undefined)[];
}

function readTensor({ name, shape, datatype, data, raw }: InferInput, model: Model): Tensor {
  const texts = datatype === 'BYTES' && model.takesText ? readTexts((raw as readonly unknown[] | undefined) ?? data, name) : undefined;
  const elements = texts ? new Float64Array(texts.length).fill(Number.NaN) : raw && datatype !== 'BYTES' ? doublesOf(raw, datatype) : readElements(data, datatype, name);
  const open = shape.indexOf(-1);
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const fits = open < 0 ? known === elements.length : shape.lastIndexOf(-1) === open && known > 0 && elements.length % known === 0;
  if (!fits) {
    throw new IsvcError('ISVC_INPUT_INVALID', `cannot reshape array of size ${elements.length} into shape (${shape.join(',')}) for input '${name}'`);
  }
  return { data: elements, ...(texts ? { texts } : {}), shape: open < 0 ? shape : shape.map((length) => (length === -1 ? elements.length / known : length)) };
}

/** Elements of a binary tensor as the doubles that tabular models compute with. */
function doublesOf(raw: TensorData, datatype: string): Float64Array {
  if (raw instanceof Float64Array) return raw;
  if (datatype === 'FP16') return Float64Array.from(raw as Uint16Array, halfValue);
  if (raw instanceof BigInt64Array || raw instanceof BigUint64Array) return doublesOfLongs(raw);
  // Without a function for each element it takes a tenth of the time.
  return new Float64Array(raw as ArrayLike<number>);
}
