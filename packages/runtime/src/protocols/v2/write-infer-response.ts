import { randomUUID } from 'node:crypto';
import { IsvcError } from 'cdk8s-kserve/api';
import type { OutputTensor } from '../../model/model';
import type { ServedModel } from '../../server/served-model';
import { jsonTensor } from '../../tensors/json-tensor';
import { writeFlat } from '../../tensors/write-numbers';
import { describeContent } from './describe-content';
import type { InferRequest } from './infer-request';

/**
 * The answer as KServe writes it: keys in its order, members without a value present as `null`, data always flat.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for a requested output that the model does not have.
 */
export function writeInferResponse(output: OutputTensor, request: InferRequest, served: ServedModel): string {
  for (const name of request.outputs) {
    if (name !== output.name) throw new IsvcError('ISVC_INPUT_INVALID', `Unexpected inference output '${name}' for model '${served.name}'`);
  }
  const version = request.version === undefined ? 'null' : JSON.stringify(request.version);
  const id = request.id === undefined ? `"${randomUUID()}"` : JSON.stringify(request.id);
  const written = request.outputTypes ? jsonTensor(describeContent(output, request, 'np')) : undefined;
  const parameters = written ? JSON.stringify(written.parameters) : 'null';
  return (
    `{"model_name":${JSON.stringify(served.name)},"model_version":${version},"id":${id},"parameters":null,"outputs":[` +
    `{"name":${JSON.stringify(output.name)},"shape":[${output.shape.join(',')}],"datatype":"${output.datatype}","parameters":${parameters},"data":${writeFlat(written ?? output)}}]}`
  );
}
