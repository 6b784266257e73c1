import { randomUUID } from 'node:crypto';
import type { Tensor } from '../../model/tensor-model';
import { encodeRaw } from '../../tensors/raw-tensor';
import { MessageWriter } from './message-writer';
import { writeParameters } from './parameters';
import type { GrpcInferRequest } from './read-infer-request';
import { writeContents } from './tensor-contents';

/** Writes a `ModelInferResponse`: raw where the request was raw, and for half floats, which have no other form. */
export function writeInferResponse(outputs: readonly Tensor[], request: GrpcInferRequest, modelName: string): Buffer {
  const raw = request.raw || outputs.some(({ datatype }) => datatype === 'FP16');
  const response = new MessageWriter().text(1, modelName).text(2, request.version ?? '').text(3, request.id ?? randomUUID());
  const tail = raw ? outputs.map(encodeRaw) : [];
  outputs.forEach((tensor, i) => response.message(5, (output) => {
    output.text(1, tensor.name).text(2, tensor.datatype).integers(3, tensor.shape);
    writeParameters(output, 4, { ...tensor.parameters, ...(raw ? { binary_data_size: tail[i]?.length ?? 0 } : {}) });
    if (!raw) output.message(5, (contents) => writeContents(contents, tensor));
  }));
  for (const bytes of tail) response.content(6, bytes);
  return response.finish();
}
