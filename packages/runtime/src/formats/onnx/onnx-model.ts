import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { InferContext, Tensor, TensorModel } from '../../model/tensor-model';
import { bindInputs } from './bind-inputs';
import { datatypeOfOrt } from './element-types';
import type { GraphValue } from './graph-values';
import type { OnnxRuntime, OrtSession, OrtTensor } from './onnx-runtime';

export interface OnnxModelParts {
  readonly name: string;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly runtime: OnnxRuntime;
  readonly session: OrtSession;
}

/** An ONNX graph in ONNX Runtime. */
export class OnnxModel implements TensorModel {
  readonly kind = 'tensors';
  readonly platform = 'onnx_onnxv1';
  readonly estimator: string;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  private readonly parts: OnnxModelParts;
  private running = 0;
  private idle: (() => void) | undefined;

  constructor(parts: OnnxModelParts) {
    this.parts = parts;
    this.estimator = parts.name;
    this.inputs = parts.inputs;
    this.outputs = parts.outputs;
  }

  async infer(tensors: readonly Tensor[], context: Pick<InferContext, 'outputs'>): Promise<readonly Tensor[]> {
    const { runtime, session } = this.parts;
    const wanted = this.wantedOutputs(context.outputs);
    const feeds = bindInputs(this.inputs, tensors, runtime.ort);
    this.running++;
    try {
      const results = await session.run(feeds, [...new Set(wanted.map(({ fetch }) => fetch))]);
      return wanted.map((output) => tensorOf(output, results[output.fetch]));
    } catch (error) {
      throw error instanceof IsvcError ? error : runError(error);
    } finally {
      if (--this.running === 0) this.idle?.();
    }
  }

  /** Frees the session once the requests that use it are answered. */
  async close(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    await this.parts.session.release();
  }

  private wantedOutputs(names: readonly string[] | undefined): readonly GraphValue[] {
    if (names === undefined || names.length === 0) return this.outputs;
    return names.map((name) => {
      const output = this.outputs.find((one) => one.name === name);
      if (output) return output;
      throw new IsvcError('ISVC_INPUT_INVALID', `Unexpected inference output '${name.slice(0, 200)}'; the model has ${this.outputs.map((one) => `'${one.name}'`).join(', ')}`);
    });
  }
}

function tensorOf(output: GraphValue, result: OrtTensor | undefined): Tensor {
  const datatype = result && datatypeOfOrt(result.type);
  if (!result || !datatype) throw new Error(`ONNX Runtime gave no tensor for output "${output.name}"`);
  // Newer engines have an array type for halves; the contract has their bits.
  const { data } = result;
  const bits = datatype === 'FP16' && !(data instanceof Uint16Array) && ArrayBuffer.isView(data);
  return {
    name: output.name,
    datatype,
    shape: result.dims,
    data: bits ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data,
    ...(output.classes && output.classes.length > 0 ? { parameters: { class_labels: JSON.stringify(output.classes) } } : {}),
  };
}

/** What the graph could not compute is for the client to know, the places in ONNX Runtime's sources are not. */
function runError(error: unknown): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', `the model cannot compute this input: ${ortMessage(error)}`, { cause: error });
}

/** ONNX Runtime's words in one line, without folders. */
export function ortMessage(error: unknown): string {
  const text = messageOf(error).split('\n', 1)[0] ?? '';
  return text
    .replace(/(?:\/[\w.@-]+)+\.(?:cc|h):\d+ ?/g, '')
    .replace(/(?:\/[\w.@-]+)+\//g, '')
    .slice(0, 500);
}
