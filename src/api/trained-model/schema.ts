import { anyObj, intOrString, obj, str } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import type { TrainedModelSource, TrainedModelSpec } from './types';

type Schemas<T> = Record<keyof T, StructuralSchema>;

const model = obj(
  { storageUri: str(), framework: str({ minLength: 1 }), memory: intOrString() } satisfies Schemas<TrainedModelSource>,
  { required: ['storageUri', 'framework', 'memory'] },
);

/** Schema of a TrainedModel's spec. */
export const trainedModelSpecSchema = obj({ inferenceService: str({ minLength: 1 }), model } satisfies Schemas<TrainedModelSpec>, { required: ['inferenceService', 'model'] });
export const trainedModelStatusSchema = anyObj();
