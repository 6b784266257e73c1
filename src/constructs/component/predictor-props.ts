import type { Container, ModelFormatRef, ModelSpec, PredictorExtension, PredictorSpec, StorageUri, WorkerSpec } from '../../api';
import { modelFormatRef, type ModelFormat } from '../model-format';
import { storageUri, type Storage } from '../storage';
import { componentParts, type ComponentContext, type ComponentProps } from './component-props';

/**
 * A predictor, in one flat object: what the model is, the server's container fields and how it scales. Field names are
 * KServe's; `model` is folded in because nearly every predictor has one.
 */
export interface PredictorProps extends ComponentProps, Omit<PredictorExtension, 'name' | 'storageUri'> {
  /**
   * Format of the model, e.g. `'sklearn'`, `ModelFormat.sklearn('1')` or `{ name: 'sklearn', version: '1' }`.
   *
   * @default - none: the predictor brings its own `containers`
   */
  readonly modelFormat?: string | ModelFormatRef | ModelFormat;
  /**
   * Where the model lies: an address such as `'s3://models/iris'`, or `Storage.s3('models/iris')`.
   *
   * @default - none: the server brings the model along
   */
  readonly storageUri?: string | Storage;
  /**
   * Several sources, each mounted at a path of its own, instead of `storageUri`.
   *
   * @default - none
   */
  readonly storageUris?: readonly StorageUri[];
  /**
   * ClusterStorageContainer that fetches the model.
   *
   * @default - chosen by the address
   */
  readonly storageContainerName?: string;
  /**
   * Name of a ServingRuntime or ClusterServingRuntime.
   *
   * @default - chosen by format, version and protocol
   */
  readonly runtime?: string;
  /**
   * The model server itself, instead of a model and a runtime; or further containers beside it.
   *
   * @default - none
   */
  readonly containers?: readonly Container[];
  /**
   * Further nodes of a model that does not fit into one.
   *
   * @default - one node
   */
  readonly workerSpec?: WorkerSpec;
}

/** The predictor as KServe's API has it. */
export function predictorSpec(props: PredictorProps, context: ComponentContext): PredictorSpec {
  const { modelFormat, storageUri: storage, storageUris, storageContainerName, containers, workerSpec, ...rest } = props;
  const { extension, pod, own } = componentParts(rest, context);
  const model: Readonly<Record<string, unknown>> = {
    ...(modelFormat === undefined ? {} : { modelFormat: modelFormatRef(modelFormat) }),
    ...(storage === undefined ? {} : { storageUri: storageUri(storage, context.path) }),
    ...own,
  };
  return {
    ...pod,
    // Without a format the model's fields still travel, so that validation names what is missing.
    ...(Object.keys(model).length > 0 ? { model: model as unknown as ModelSpec } : {}),
    ...(storageUris ? { storageUris } : {}),
    ...(storageContainerName === undefined ? {} : { storageContainerName }),
    ...(containers ? { containers } : {}),
    ...(workerSpec ? { workerSpec } : {}),
    ...extension,
  };
}
