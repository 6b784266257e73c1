import { ISTIO_NETWORKING_API, type InferenceService, type KubeObject, type PlatformConfig } from '../../api';
import { servicePath } from '../hosts';
import { serviceMetadata, unlessEmpty } from '../metadata';
import { serviceHost } from '../names';
import type { World } from '../types';
import { entryOf, type Version } from '../versions';

const EXPLAIN_PATH = '^/v1/models/[\\w-]+:explain$';

/** Hosts under which Istio answers for a service. */
export interface MeshHosts {
  readonly internal: string;
  /** Empty for a service that stays inside the cluster. */
  readonly external: readonly string[];
}

/**
 * The Istio route that gives a serverless service its own host: `:explain` to the explainer, the rest to the transformer
 * or predictor, each by the host under which Knative knows it.
 */
export function renderVirtualService(service: InferenceService, version: Version, hosts: MeshHosts, world: World): KubeObject {
  const { config } = world;
  const { name, namespace = 'default' } = service.metadata;
  const { labels, annotations } = serviceMetadata(service, 'Knative', config);
  const { ingressGateway, localGateway, ingressDomain } = config.ingress;
  const path = servicePath(service, world);
  const published = hosts.external.length > 0;
  const byHost = hostMatches(hosts, config);
  const to = (target: string, match: readonly object[], rewrite?: object): object => httpRule(service, target, match, config, rewrite);
  const pathMatch = { authority: { regex: authority(ingressDomain) }, gateways: [ingressGateway] };
  const explainer = version.explainer?.name;
  const entry = entryOf(version).name;
  return {
    apiVersion: ISTIO_NETWORKING_API,
    kind: 'VirtualService',
    metadata: { name, namespace, ...unlessEmpty('labels', labels), ...unlessEmpty('annotations', annotations) },
    spec: {
      hosts: [hosts.internal, ...hosts.external, ...(path && published ? [ingressDomain] : [])],
      gateways: [localGateway, 'mesh', ...(published ? [ingressGateway] : [])],
      http: [
        ...(explainer ? [to(explainer, byHost.map((m) => ({ ...m, uri: { regex: EXPLAIN_PATH } })))] : []),
        to(entry, byHost),
        ...(path && published && explainer
          ? [to(explainer, [{ ...pathMatch, uri: { regex: `${escapeRegex(path)}(/v1/models/[\\w-]+:explain)$` } }], { uriRegexRewrite: { match: `${escapeRegex(path)}(/v1/models/[\\w-]+:explain)$`, rewrite: '\\1' } })]
          : []),
        ...(path && published ? [to(entry, [{ ...pathMatch, uri: { prefix: `${path}/` } }, { ...pathMatch, uri: { exact: path } }], { uri: '/' })] : []),
      ],
    },
  };
}

function hostMatches({ internal, external }: MeshHosts, config: PlatformConfig): readonly object[] {
  const { localGateway, ingressGateway } = config.ingress;
  return [
    { authority: { regex: authority(internal) }, gateways: [localGateway, 'mesh'] },
    ...external.map((host) => ({ authority: { regex: authority(host) }, gateways: [ingressGateway] })),
  ];
}

function httpRule(service: InferenceService, target: string, match: readonly object[], config: PlatformConfig, rewrite?: object): object {
  const { name, namespace = 'default' } = service.metadata;
  const { knativeLocalGatewayService, localGatewayService } = config.ingress;
  return {
    match,
    ...(rewrite ? { rewrite } : {}),
    headers: { request: { set: { Host: serviceHost(target, namespace), 'KServe-Isvc-Name': name, 'KServe-Isvc-Namespace': namespace } } },
    route: [{ destination: { host: knativeLocalGatewayService || localGatewayService, port: { number: 80 } }, weight: 100 }],
  };
}

/** The host alone or with a port behind it. */
function authority(host: string): string {
  return `^${escapeRegex(host)}(?::\\d{1,5})?$`;
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Gives callers inside the cluster the service's short name: an alias of the mesh's local gateway. */
export function renderAlias(service: InferenceService, config: PlatformConfig): KubeObject {
  const { name, namespace = 'default' } = service.metadata;
  const { labels, annotations } = serviceMetadata(service, 'Knative', config);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, ...unlessEmpty('labels', labels), ...unlessEmpty('annotations', annotations) },
    spec: { type: 'ExternalName', externalName: config.ingress.localGatewayService },
  };
}
