import { statusSchema } from '../k8s/status-schema';
import { intOrString, obj, str } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import type { TrainedModelSource, TrainedModelSpec } from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

const model = obj(
  {
    storageUri: str({ description: 'Where the model lies: s3://, gs://, https:// or http://.' }),
    framework: str({ minLength: 1, description: 'Format of the model, such as sklearn.' }),
    memory: intOrString({ description: "Memory that it takes; the models of a service share the limit of its predictor. Cannot be changed." }),
  } satisfies Schemas<TrainedModelSource>,
  { required: ['storageUri', 'framework', 'memory'], description: 'The model.' },
);

/** Schema of a TrainedModel's spec. */
export const trainedModelSpecSchema = obj(
  { inferenceService: str({ minLength: 1, description: 'Name of the service, in the same namespace, whose server loads the model.' }), model } satisfies Schemas<TrainedModelSpec>,
  { required: ['inferenceService', 'model'], description: 'One of several models in one InferenceService.' },
);
export const trainedModelStatusSchema = statusSchema();
