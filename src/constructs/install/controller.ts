import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { BUILT_IN_RUNTIMES, CONFIG_MAP_NAME, customResourceDefinitions, type KubeObject, type PlatformConfig, type PlatformConfigInput } from '../../api';
import { apiObjectProps } from '../api-object-props';
import { misuse } from '../check';
import { Platform } from '../platform';
import { accessObjects } from './access';
import type { ControllerProps } from './controller-props';
import { workloadObjects } from './workload';

const NAME = 'cdk8s-kserve-controller';
const LABEL_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Installs the controller: CRDs, runtimes, account and roles, configuration, Deployment with its budget and fence. There is
 * no webhook, so nothing stands between users and the API server when it is down.
 *
 * @example
 * new Controller(chart, 'controller', { replicas: 2, serviceMonitor: { labels: { release: 'prometheus' } } });
 */
export class Controller extends Construct {
  /** Every object, in the order in which they can be applied. */
  readonly resources: readonly KubeObject[];
  private readonly written: readonly ApiObject[];

  constructor(scope: Construct, id: string, props: ControllerProps = {}) {
    super(scope, id);
    this.checkProps(props);
    const { namespace = 'kserve', createNamespace = true, namespaces, crds = !namespaces, runtimes = !namespaces } = props;
    const labels = { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/instance': namespaces ? `${NAME}-${namespace}` : NAME };
    this.resources = [
      ...(createNamespace ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }] : []),
      ...(crds ? customResourceDefinitions() : []),
      ...(runtimes ? BUILT_IN_RUNTIMES : []),
      ...accessObjects({ name: NAME, namespace, namespaces }),
      ...this.configMap(namespace, props.config),
      ...workloadObjects({ name: NAME, namespace, labels, props }),
    ];
    this.written = this.resources.map((resource) => this.write(resource));
  }

  /**
   * One object in the manifest, for JSON patches: `controller.apiObject('Deployment').addJsonPatch(...)`.
   *
   * @param name tells several of a kind apart. @default - the first of the kind
   * @throws IsvcError ISVC_CONSTRUCT_MISUSE when there is none.
   */
  apiObject(kind: string, name?: string): ApiObject {
    const found = this.written.find((object) => object.kind === kind && (name === undefined || object.name === name));
    if (!found) throw misuse(this, `there is no ${[kind, name].filter(Boolean).join(' ')}`, `there are ${[...new Set(this.written.map((o) => o.kind))].join(', ')}`);
    return found;
  }

  private write(resource: KubeObject): ApiObject {
    const { kind, metadata } = resource;
    const object = new ApiObject(this, [kind, metadata.namespace, metadata.name].filter(Boolean).join('-').toLowerCase(), apiObjectProps(resource));
    // cdk8s stamps the chart's namespace on everything; a cluster-scoped object must not have one.
    if (metadata.namespace === undefined && Chart.of(this).namespace) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    return object;
  }

  private configMap(namespace: string, given: PlatformConfigInput | undefined): readonly KubeObject[] {
    const config: PlatformConfigInput | PlatformConfig | undefined = given ?? Platform.find(this)?.config;
    if (!config) return [];
    const data = Object.fromEntries(Object.entries(config).map(([section, value]) => [section, JSON.stringify(value, null, 2)]));
    return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: CONFIG_MAP_NAME, namespace }, data }];
  }

  private checkProps({ namespace = 'kserve', namespaces, replicas = 2, concurrency = 1 }: ControllerProps): void {
    for (const name of [namespace, ...(namespaces ?? [])]) {
      if (!LABEL_NAME.test(name) || name.length > 63) throw misuse(this, `"${name}" is no name of a namespace`, 'use at most 63 lower case letters, digits and "-"');
    }
    if (namespaces?.length === 0) throw misuse(this, 'namespaces is an empty list, so the controller would look after nothing', 'name at least one, or leave it out for all');
    if (!Number.isInteger(replicas) || replicas < 1) throw misuse(this, `replicas must be an integer >= 1, got ${replicas}`, 'two make it stand the loss of a node');
    if (!Number.isInteger(concurrency) || concurrency < 1) throw misuse(this, `concurrency must be an integer >= 1, got ${concurrency}`, 'leave it out for 8');
  }
}
