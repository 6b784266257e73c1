import type { InferContext, Tensor, TensorModel } from '../../src/model/tensor-model';

/** A model of tensors that answers with what it is given, or with what `answer` makes of it. */
export interface EchoModel extends TensorModel {
  readonly asked: { readonly inputs: readonly Tensor[]; readonly context: InferContext }[];
}

export function echoModel(answer: (inputs: readonly Tensor[], context: InferContext) => readonly Tensor[] | Promise<readonly Tensor[]> = (inputs) => inputs): EchoModel {
  const asked: EchoModel['asked'] = [];
  return {
    asked, kind: 'tensors', platform: 'test', estimator: 'Echo', inputs: [], outputs: [],
    infer(inputs, context) {
      asked.push({ inputs, context });
      return answer(inputs, context);
    },
  };
}
