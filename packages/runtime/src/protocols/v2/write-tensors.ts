import { randomUUID } from 'node:crypto';
import type { Tensor } from '../../model/tensor-model';
import { jsonTensor } from '../../tensors/json-tensor';
import { writeFlat } from '../../tensors/write-numbers';
import { describeContent } from './describe-content';
import type { InferRequest } from './infer-request';

/** The answer of a model of named tensors, as `writeInferResponse` writes that of a table. */
export function writeTensors(outputs: readonly Tensor[], request: InferRequest, modelName: string): string {
  const version = request.version === undefined ? 'null' : JSON.stringify(request.version);
  return (
    `{"model_name":${JSON.stringify(modelName)},"model_version":${version},"id":${JSON.stringify(request.id ?? randomUUID())},"parameters":null,"outputs":[` +
    `${outputs.map((tensor) => writeTensor(describeContent(tensor, request, 'str'))).join(',')}]}`
  );
}

function writeTensor(tensor: Tensor): string {
  const written = jsonTensor(tensor);
  const { name, shape, datatype, parameters } = written;
  const described = parameters === undefined ? 'null' : JSON.stringify(parameters);
  return `{"name":${JSON.stringify(name)},"shape":[${shape.join(',')}],"datatype":"${datatype}","parameters":${described},"data":${writeFlat(written)}}`;
}
