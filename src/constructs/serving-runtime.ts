import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { SERVING_RUNTIME_API, validateServingRuntime, type ServingRuntime as ServingRuntimeResource, type ServingRuntimeSpec, type StringMap } from '../api';
import { apiObjectProps } from './api-object-props';
import { assertNoErrors } from './check';
import { declaredIn } from './declared';

export interface ServingRuntimeProps extends ServingRuntimeSpec {
  /**
   * Name of the object.
   *
   * @default - the construct id
   */
  readonly name?: string;
  /**
   * Annotations of the runtime object itself; those in `annotations` go to the pods.
   *
   * @default - none
   */
  readonly metadataAnnotations?: StringMap;
}

abstract class RuntimeConstruct extends Construct {
  /** The resource as the controller will see it. */
  readonly resource: ServingRuntimeResource;
  /** The object in the manifest, for JSON patches. */
  readonly apiObject: ApiObject;

  protected constructor(scope: Construct, id: string, kind: ServingRuntimeResource['kind'], props: ServingRuntimeProps) {
    super(scope, id);
    const { name = id, metadataAnnotations, ...spec } = props;
    const namespace = kind === 'ServingRuntime' ? Chart.of(this).namespace : undefined;
    this.resource = {
      apiVersion: SERVING_RUNTIME_API,
      kind,
      metadata: { name, ...(namespace ? { namespace } : {}), ...(metadataAnnotations ? { annotations: metadataAnnotations } : {}) },
      spec,
    };
    assertNoErrors(this, validateServingRuntime(this.resource));
    declaredIn(this).runtimes.push(this.resource);
    this.apiObject = new ApiObject(this, 'Resource', apiObjectProps(this.resource));
    // cdk8s stamps the chart's namespace on everything; a cluster-scoped object must not have one.
    if (kind === 'ClusterServingRuntime' && Chart.of(this).namespace) this.apiObject.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
}

/**
 * How models of some formats are served, for one namespace.
 *
 * @example
 * new ServingRuntime(chart, 'team-sklearn', {
 *   supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true }],
 *   protocolVersions: ['v1', 'v2'],
 *   containers: [{ name: 'kserve-container', image: 'team/sklearn:1', args: ['--model_name={{.Name}}'] }],
 * });
 */
export class ServingRuntime extends RuntimeConstruct {
  constructor(scope: Construct, id: string, props: ServingRuntimeProps) {
    super(scope, id, 'ServingRuntime', props);
  }
}

/**
 * How models of some formats are served, for the whole cluster.
 *
 * @example
 * new ClusterServingRuntime(chart, 'company-sklearn', {
 *   supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 4 }],
 *   containers: [{ name: 'kserve-container', image: 'company/sklearn:1' }],
 * });
 */
export class ClusterServingRuntime extends RuntimeConstruct {
  constructor(scope: Construct, id: string, props: ServingRuntimeProps) {
    super(scope, id, 'ClusterServingRuntime', props);
  }
}
