import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  ANNOTATION, BUILT_IN_RUNTIMES, INFERENCE_SERVICE_API, validateInferenceService, type InferenceService as InferenceServiceResource, type ModeName, type StringMap,
} from '../api';
import { render, type Decision, type World } from '../render';
import { deepMerge } from '../render/pod/merge';
import { apiObjectProps } from './api-object-props';
import { assertNoErrors } from './check';
import { Platform } from './platform';
import { predictorSpec, type PredictorProps } from './predictor-props';
import { declaredRuntimes } from './serving-runtime';

export interface InferenceServiceProps {
  /** The model and its server. */
  readonly predictor: PredictorProps;
  /**
   * Name of the service, part of its host name.
   *
   * @default - the construct id
   */
  readonly name?: string;
  /**
   * Namespace of the service.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;
  /**
   * How the service is run: `RawDeployment` (also `Standard`) or `Serverless` (also `Knative`).
   *
   * @default - the platform's mode
   */
  readonly mode?: ModeName;
  /** @default - none */
  readonly labels?: StringMap;
  /** @default - none */
  readonly annotations?: StringMap;
  /**
   * `declare` writes the resource for a controller to act on; `expand` writes the children that the controller would
   * create, for clusters without one.
   *
   * @default 'declare'
   */
  readonly output?: 'declare' | 'expand';
  /**
   * Merged over `spec` at the end: the way to a field that has no property here. Maps merge, lists replace.
   *
   * @default - none
   */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/**
 * A model behind an endpoint: KServe's InferenceService.
 *
 * Declared, it becomes the resource; expanded, its children. For `expand`, declare the runtimes it may use and the
 * platform before it.
 *
 * @example
 * new InferenceService(chart, 'iris', {
 *   mode: 'RawDeployment',
 *   predictor: { modelFormat: 'sklearn', storageUri: 'pvc://models/iris', minReplicas: 1, maxReplicas: 3 },
 * });
 */
export class InferenceService extends Construct {
  /** The resource as a controller sees it, whatever the output. */
  readonly resource: InferenceServiceResource;
  /** Objects that this construct writes, for JSON patches: the resource, or its children in the order of apply. */
  readonly apiObjects: readonly ApiObject[];
  /** In expand output: each choice that was made, with its reason. */
  readonly decisions: readonly Decision[];

  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    this.resource = this.buildResource(id, props);
    if (props.output === 'expand') {
      const { children, decisions, problems } = render(this.resource, this.world());
      assertNoErrors(this, problems);
      this.decisions = decisions;
      this.apiObjects = children.map((child) => new ApiObject(this, `${child.kind}-${child.metadata.name}`, apiObjectProps(child)));
    } else {
      assertNoErrors(this, validateInferenceService(this.resource));
      this.decisions = [];
      this.apiObjects = [new ApiObject(this, 'Resource', apiObjectProps(this.resource))];
    }
  }

  private buildResource(id: string, props: InferenceServiceProps): InferenceServiceResource {
    const namespace = props.namespace ?? Chart.of(this).namespace;
    const annotations = { ...(props.mode ? { [ANNOTATION.deploymentMode]: props.mode } : {}), ...props.annotations };
    const spec = { predictor: predictorSpec(props.predictor) };
    return {
      apiVersion: INFERENCE_SERVICE_API,
      kind: 'InferenceService',
      metadata: {
        name: props.name ?? id,
        ...(namespace ? { namespace } : {}),
        ...(props.labels ? { labels: props.labels } : {}),
        ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      },
      spec: props.overrides ? deepMerge(spec, props.overrides) : spec,
    };
  }

  private world(): World {
    const declared = declaredRuntimes(this);
    const names = new Set(declared.filter((r) => r.kind === 'ClusterServingRuntime').map((r) => r.metadata.name));
    return { config: Platform.configFor(this), runtimes: [...declared, ...BUILT_IN_RUNTIMES.filter((r) => !names.has(r.metadata.name))] };
  }
}
