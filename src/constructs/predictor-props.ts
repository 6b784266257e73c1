import type { ComponentExtension, Container, ModelFormatRef, ModelSpec, PodFields, PredictorExtension, PredictorSpec } from '../api';

/**
 * A predictor, in one flat object: what the model is, the server's container fields and how it scales. Field names are
 * KServe's; `model` is folded in because nearly every predictor has one.
 */
export interface PredictorProps extends ComponentExtension, Omit<PredictorExtension, 'name'> {
  /**
   * Format of the model, e.g. `'sklearn'` or `{ name: 'sklearn', version: '1' }`.
   *
   * @default - none: the predictor brings its own `containers`
   */
  readonly modelFormat?: string | ModelFormatRef;
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
   * Fields of the pod, such as `nodeSelector`, `tolerations`, `serviceAccountName`.
   *
   * @default - what the runtime sets
   */
  readonly pod?: PodFields;
}

const EXTENSION_FIELDS = [
  'minReplicas', 'maxReplicas', 'scaleTarget', 'scaleMetric', 'scaleMetricType', 'autoScaling', 'containerConcurrency', 'timeout', 'canaryTrafficPercent', 'logger', 'batcher',
  'labels', 'annotations', 'deploymentStrategy',
] as const satisfies readonly (keyof ComponentExtension)[];

/** The predictor as KServe's API has it. */
export function predictorSpec(props: PredictorProps): PredictorSpec {
  const { modelFormat, containers, pod, ...rest } = props;
  const extension: Record<string, unknown> = {};
  const model: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    const target = (EXTENSION_FIELDS as readonly string[]).includes(field) ? extension : model;
    target[field] = value;
  }
  const format = typeof modelFormat === 'string' ? { name: modelFormat } : modelFormat;
  // Without a format the model's fields still travel, so that validation names what is missing.
  const hasModel = format !== undefined || Object.keys(model).length > 0;
  return {
    ...pod,
    ...(hasModel ? { model: { ...(format ? { modelFormat: format } : {}), ...model } as unknown as ModelSpec } : {}),
    ...(containers ? { containers } : {}),
    ...extension,
  };
}
