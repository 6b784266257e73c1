import type { Condition, KubeObject } from '../k8s/object';
import type { Quantity } from '../k8s/pod';

/** TrainedModel, `serving.kserve.io/v1alpha1`: one of several models in one InferenceService. */
export interface TrainedModel extends KubeObject {
  readonly apiVersion: 'serving.kserve.io/v1alpha1';
  readonly kind: 'TrainedModel';
  readonly spec: TrainedModelSpec;
  readonly status?: TrainedModelStatus;
}

export interface TrainedModelSpec {
  /** Name of the service, in the same namespace, whose server loads the model. */
  readonly inferenceService: string;
  readonly model: TrainedModelSource;
}

export interface TrainedModelSource {
  /** `s3://`, `gs://`, `https://` or `http://`. */
  readonly storageUri: string;
  /** Format of the model, e.g. `sklearn`. */
  readonly framework: string;
  /** Memory that it takes; the models of a service share its predictor's memory limit. Cannot be changed. */
  readonly memory: Quantity;
}

export interface TrainedModelStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly url?: string;
  readonly address?: { readonly url?: string };
}
