import { randomUUID } from 'node:crypto';
import type { Tensor } from '../../model/tensor-model';
import { encodeRaw } from '../../tensors/raw-tensor';
import { MessageWriter } from './message-writer';
import type { GrpcInferRequest } from './read-infer-request';
import { writeContents } from './tensor-contents';

/** Writes a `ModelInferResponse`: raw where the request was raw, and for half floats, which have no other form. */
export function writeInferResponse(outputs: readonly Tensor[], request: GrpcInferRequest, modelName: string): Buffer {
  const raw = request.raw || outputs.some(({ datatype }) => datatype === 'FP16');
  const response = new MessageWriter().text(1, modelName).text(2, request.version ?? '').text(3, request.id ?? randomUUID());
  const tail = raw ? outputs.map(encodeRaw) : [];
  outputs.forEach((tensor, i) => response.message(5, (output) => {
    output.text(1, tensor.name).text(2, tensor.datatype).integers(3, tensor.shape);
    for (const [key, value] of Object.entries(tensor.parameters ?? {})) writeParameter(output, 4, key, value);
    if (raw) writeParameter(output, 4, 'binary_data_size', tail[i]?.length ?? 0);
    else output.message(5, (contents) => writeContents(contents, tensor));
  }));
  for (const bytes of tail) response.content(6, bytes);
  return response.finish();
}

/** An entry of a map of `InferParameter`; what is none of its types goes as JSON text. */
function writeParameter(message: MessageWriter, field: number, key: string, value: unknown): void {
  message.message(field, (entry) => entry.text(1, key).message(2, (parameter) => {
    // Members of a oneof are written whatever their value.
    if (typeof value === 'boolean') parameter.member(1, value ? 1 : 0);
    else if (Number.isSafeInteger(value)) parameter.member(2, value as number);
    else parameter.content(3, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
  }));
}
