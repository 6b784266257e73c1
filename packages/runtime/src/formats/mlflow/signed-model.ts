import { IsvcError } from 'cdk8s-kserve/api';
import type { Datatype, Matrix, Model, OutputTensor, PredictMethod, PredictOptions, TensorSpec } from '../../model/model';
import type { Signature, SignatureColumn } from './signature';

interface Column {
  readonly label: string;
  readonly required: boolean;
  /** Least and most of whole numbers. @default - any number */
  readonly range?: readonly [number, number];
  readonly text: boolean;
  readonly datatype: Datatype;
}

const INTEGERS: Readonly<Record<string, readonly [Datatype, number, number]>> = {
  boolean: ['BOOL', 0, 1], bool: ['BOOL', 0, 1],
  integer: ['INT32', -(2 ** 31), 2 ** 31 - 1], long: ['INT64', -(2 ** 63), 2 ** 63],
  int8: ['INT8', -128, 127], int16: ['INT16', -32768, 32767], int32: ['INT32', -(2 ** 31), 2 ** 31 - 1], int64: ['INT64', -(2 ** 63), 2 ** 63],
  uint8: ['UINT8', 0, 255], uint16: ['UINT16', 0, 65535], uint32: ['UINT32', 0, 2 ** 32 - 1], uint64: ['UINT64', 0, 2 ** 64],
};
const FLOATS: Readonly<Record<string, Datatype>> = { float: 'FP32', double: 'FP64', float16: 'FP16', float32: 'FP32', float64: 'FP64' };
const TEXTS: readonly string[] = ['string', 'str', 'object'];

/** A model whose input is held to MLflow's signature: columns by name, types, what may be missing. */
export class SignedModel implements Model {
  readonly platform = 'mlflow';
  readonly estimator: string;
  readonly features: number;
  readonly featureNames?: readonly string[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly hasProbabilities: boolean;
  readonly takesMissingColumns: boolean;
  readonly takesText: boolean;
  readonly methods?: readonly PredictMethod[];
  private readonly model: Model;
  private readonly columns: readonly Column[];

  /** @throws IsvcError ISVC_MODEL_CORRUPT where signature and model do not fit, ISVC_MODEL_UNSUPPORTED for types of no table. */
  constructor(model: Model, signature: Signature) {
    this.model = model;
    this.columns = columnsOf(signature, model);
    const { columns } = this;
    if (model.features >= 0 && columns.length !== model.features) {
      throw new IsvcError('ISVC_MODEL_CORRUPT', `the signature has ${columns.length} columns, the model takes ${model.features}`, { path: 'MLmodel', hint: 'log the model again with the signature of its training data' });
    }
    this.estimator = model.estimator;
    this.features = columns.length;
    const names = signature.kind === 'columns' && signature.columns.every(({ name }) => name !== undefined) ? columns.map(({ label }) => label) : model.featureNames;
    if (names) this.featureNames = names;
    this.inputs = signature.kind === 'columns' ? columns.map(({ label, datatype }) => ({ name: label, datatype, shape: [-1] })) : model.inputs;
    this.outputs = model.outputs.map(renamed);
    this.hasProbabilities = model.hasProbabilities;
    // Which of them must be there is looked at below, where a missing one is told by name.
    this.takesMissingColumns = names !== undefined && columns.some(({ required }) => !required);
    this.takesText = model.takesText === true;
    if (model.methods) this.methods = model.methods;
  }

  predict(input: Matrix, options?: PredictOptions): OutputTensor {
    if (input.columns !== this.features) {
      throw new IsvcError('ISVC_INPUT_SHAPE', `the input has ${input.columns} columns, the model's signature has ${this.features}: ${this.columns.slice(0, 20).map(({ label }) => label).join(', ')}`);
    }
    this.columns.forEach((column, c) => {
      checkColumn(input, c, column);
      // A column that was left out arrives as missing in every row.
      if (this.takesMissingColumns && column.required && isMissing(input, c)) throw invalid(column.label, 0, 'is missing, the signature requires it');
    });
    return renamed(this.model.predict(input, options));
  }
}

function isMissing({ rows, columns, data, texts }: Matrix, c: number): boolean {
  for (let row = 0; row < rows; row++) if (!Number.isNaN(data[row * columns + c]) || texts?.get(c)?.[row] !== undefined) return false;
  return rows > 0;
}

function checkColumn({ rows, columns, data, texts }: Matrix, c: number, { label, required, range, text }: Column): void {
  const cells = texts?.get(c);
  for (let row = 0; row < rows; row++) {
    if (cells?.[row] !== undefined) {
      if (text) continue;
      throw invalid(label, row, 'is text, the signature has a number');
    }
    const value = data[row * columns + c] as number;
    // A number that may be missing is NaN in a float column in any case.
    if (Number.isNaN(value)) {
      if (required && (range || text)) throw invalid(label, row, 'is missing, the signature requires it');
      continue;
    }
    if (text) throw invalid(label, row, `is ${value}, the signature has text`);
    if (range && (!Number.isInteger(value) || value < range[0] || value > range[1])) throw invalid(label, row, `is ${value}, the signature has a whole number from ${range[0]} to ${range[1]}`);
  }
}

function columnsOf(signature: Signature, model: Model): readonly Column[] {
  if (signature.kind === 'columns') return signature.columns.map(columnOf);
  const [only] = signature.tensors;
  const columns = only?.shape[1];
  if (signature.tensors.length !== 1 || !only || only.shape.length !== 2 || columns === undefined) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'the signature has tensors that are no table', { path: 'MLmodel', hint: 'log the model as ONNX' });
  }
  const width = columns === -1 ? model.features : columns;
  return Array.from({ length: Math.max(0, Math.min(width, 1_000_000)) }, (_, i) => columnOf({ type: only.dtype, required: true }, i));
}

function columnOf({ name, type, required }: SignatureColumn, index: number): Column {
  const column = { label: name ?? `column ${index}`, required };
  const integer = INTEGERS[type];
  if (integer) return { ...column, text: false, datatype: integer[0], range: [integer[1], integer[2]] };
  const float = FLOATS[type];
  if (float) return { ...column, text: false, datatype: float };
  if (TEXTS.includes(type)) return { ...column, text: true, datatype: 'BYTES' };
  throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `${column.label} of the signature is of type ${type.slice(0, 40)}, which no column here has`, { path: 'MLmodel', hint: 'use numbers, booleans or text' });
}

/** MLServer's name for what an MLflow model answers. */
function renamed<Named extends { readonly name: string }>(output: Named): Named {
  return { ...output, name: 'output-1' };
}

function invalid(label: string, row: number, problem: string): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', `${label} of row ${row} ${problem}`);
}
