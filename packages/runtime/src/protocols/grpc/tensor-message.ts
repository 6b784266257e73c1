import type { TensorData } from '../../model/tensor-model';
import type { MessageReader } from './message-reader';
import { type Parameters, readParameter } from './parameters';
import { readContents } from './tensor-contents';

/** `InferInputTensor` and `InferOutputTensor`, which have the same fields. */
export interface TensorMessage {
  readonly name: string;
  readonly datatype: string;
  /** Lengths as they came, which may be any 64-bit number. */
  readonly shape: readonly bigint[];
  /** Absent where there are none. */
  readonly parameters?: Parameters;
  /** Of `contents`; absent where the elements come as raw bytes beside it, or not at all. */
  readonly data?: TensorData;
}

/** @throws IsvcError ISVC_INPUT_INVALID where the bytes are no such message or the contents are of another datatype */
export function readTensorMessage(reader: MessageReader): TensorMessage {
  let name = '';
  let datatype = '';
  const shape: bigint[] = [];
  const parameters: Record<string, string | number | boolean> = {};
  let contents: MessageReader | undefined;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) datatype = reader.text();
    else if (reader.field === 3) reader.integers(shape);
    else if (reader.field === 4) readParameter(reader.message(), parameters);
    else if (reader.field === 5) contents = reader.message();
  }
  return {
    name, datatype, shape: shape.map((length) => BigInt.asIntN(64, length)),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(contents ? { data: readContents(contents, name, datatype) } : {}),
  };
}
