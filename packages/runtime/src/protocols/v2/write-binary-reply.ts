import { randomUUID } from 'node:crypto';
import { IsvcError } from 'cdk8s-kserve/api';
import type { OutputTensor } from '../../model/model';
import type { Tensor } from '../../model/tensor-model';
import type { ServedModel } from '../../server/served-model';
import { jsonTensor } from '../../tensors/json-tensor';
import { encodeRaw } from '../../tensors/raw-tensor';
import { writeFlat } from '../../tensors/write-numbers';
import type { Reply } from '../protocol';
import { JSON_LENGTH_HEADER } from './binary-inputs';
import { describeBytes, describeContent } from './describe-content';
import type { InferRequest } from './infer-request';

/** The answer of a tabular model with its output as bytes. @throws IsvcError ISVC_INPUT_INVALID for an unknown output. */
export function writeBinaryInferReply(output: OutputTensor, request: InferRequest, served: ServedModel): Reply {
  for (const name of request.outputs) {
    if (name !== output.name) throw new IsvcError('ISVC_INPUT_INVALID', `Unexpected inference output '${name}' for model '${served.name}'`);
  }
  return writeBinaryReply([output], request, served.name);
}

/**
 * An answer of the binary tensor extension: JSON, then the tensors the client wants as bytes, in the order of the outputs.
 * KServe differs: it sends neither content type nor length.
 */
export function writeBinaryReply(outputs: readonly Tensor[], request: InferRequest, modelName: string): Reply {
  const { id, version, isBinary } = request;
  const tail: Buffer[] = [];
  const described = outputs.map((tensor) => {
    const { name, shape, datatype } = tensor;
    const head = `{"name":${JSON.stringify(name)},"shape":[${shape.join(',')}],"datatype":"${datatype}","parameters":`;
    if (!isBinary?.(name)) {
      const written = jsonTensor(describeContent(tensor, request, 'str'));
      return `${head}${written.parameters === undefined ? 'null' : JSON.stringify(written.parameters)},"data":${writeFlat(written)}}`;
    }
    const sent = describeBytes(tensor, request, 'str');
    const bytes = encodeRaw(sent);
    tail.push(bytes);
    return `${head}${JSON.stringify({ ...sent.parameters, binary_data_size: bytes.length })}}`;
  });
  const json = Buffer.from(
    `{"id":${JSON.stringify(id ?? randomUUID())},"model_name":${JSON.stringify(modelName)},"model_version":${version === undefined ? 'null' : JSON.stringify(version)},"outputs":[${described.join(',')}]}`,
  );
  return { status: 200, contentType: 'application/octet-stream', headers: { [JSON_LENGTH_HEADER]: String(json.length) }, body: Buffer.concat([json, ...tail]) };
}
