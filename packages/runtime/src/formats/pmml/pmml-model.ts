import { IsvcError } from 'cdk8s-kserve/api';
import type { Datatype, TensorSpec } from '../../model/model';
import type { Tensor, TensorModel, V1Body } from '../../model/tensor-model';
import type { CompiledDocument } from './compile-document';
import type { DataType, Value } from './fields/value';
import { type InputRow, rowsOfInstances, rowsOfTensors } from './rows';

const DATATYPES: Readonly<Record<DataType, Datatype>> = { string: 'BYTES', integer: 'INT64', float: 'FP32', double: 'FP64', boolean: 'BOOL' };

/** A PMML document as the server sees it: one tensor a field in V2, one object a row in V1. */
export class PmmlModel implements TensorModel {
  readonly kind = 'tensors';
  readonly platform = 'pmml';
  readonly estimator: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  private readonly document: CompiledDocument;

  constructor(document: CompiledDocument) {
    this.document = document;
    this.estimator = document.model;
    this.inputs = document.inputs.map(({ name, dataType }) => ({ name, datatype: DATATYPES[dataType], shape: [-1] }));
    this.outputs = document.answers.map(({ name, dataType }) => ({ name, datatype: DATATYPES[dataType], shape: [-1] }));
  }

  infer(inputs: readonly Tensor[]): readonly Tensor[] {
    const rows = this.evaluate(rowsOfTensors(inputs, this.document.inputs));
    return this.document.answers.map(({ name, dataType }, i) => tensorOf(name, dataType, rows.map((row) => row[i])));
  }

  /** Predictions are objects: the target's value and every output by name; a value that is missing is null. */
  async predictBody({ instances }: V1Body): Promise<{ readonly predictions: readonly unknown[] }> {
    const { answers, inputs } = this.document;
    const rows = this.evaluate(rowsOfInstances(instances, inputs));
    return { predictions: rows.map((row) => Object.fromEntries(answers.map(({ name }, i) => [name, row[i] ?? null]))) };
  }

  private evaluate(rows: readonly InputRow[]): readonly (readonly Value[])[] {
    return rows.map((row, i) => {
      try {
        return this.document.evaluate(row);
      } catch (error) {
        if (!(error instanceof IsvcError)) throw error;
        throw new IsvcError(error.code, `row ${i}: ${error.message}`, { cause: error });
      }
    });
  }
}

/** V2 has no missing values: numbers are NaN or 0, text is empty. */
function tensorOf(name: string, dataType: DataType, values: readonly Value[]): Tensor {
  const shape = [values.length];
  const datatype = DATATYPES[dataType];
  if (dataType === 'string') return { name, datatype, shape, data: values.map((value) => (value === undefined ? '' : String(value))) };
  const numbers = values.map((value) => (value === undefined ? Number.NaN : Number(value)));
  if (dataType === 'boolean') return { name, datatype, shape, data: Uint8Array.from(numbers, (number) => (number === 1 ? 1 : 0)) };
  if (dataType === 'integer') return { name, datatype, shape, data: Float64Array.from(numbers, (number) => (Number.isNaN(number) ? 0 : number)) };
  return { name, datatype, shape, data: dataType === 'float' ? Float32Array.from(numbers) : Float64Array.from(numbers) };
}
