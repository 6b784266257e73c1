import { SERVICE_PORT, type InferenceService, type KubeObject } from '../../api';
import { hostOf, serviceHosts } from '../hosts';
import { serviceMetadata, unlessEmpty } from '../metadata';
import { componentName } from '../names';
import type { World } from '../types';
import { componentsOf, entryOf, type Version } from '../versions';

interface PathRule {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix';
  readonly service: string;
}

/**
 * The Ingress of a published raw service, where the platform has no Gateway API: the service's hosts lead to the
 * transformer or predictor and `:explain` of its model to the explainer, each component's host to the component.
 *
 * KServe differs: a transformer's host leads to the transformer (upstream: to the predictor), `:explain` works, further
 * domains are served, and annotations that other objects may not carry are not on the Ingress either.
 */
export function renderIngress(service: InferenceService, version: Version, world: World): KubeObject {
  const { config } = world;
  const { name, namespace = 'default' } = service.metadata;
  const { labels, annotations } = serviceMetadata(service, 'Standard', config);
  const explain: readonly PathRule[] = version.explainer ? [{ path: `/v1/models/${name}:explain`, pathType: 'Exact', service: version.explainer.name }] : [];
  const all = (target: string): PathRule => ({ path: '/', pathType: 'Prefix', service: target });
  const components = [...componentsOf(version)].reverse();
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, ...unlessEmpty('labels', labels), ...unlessEmpty('annotations', annotations) },
    spec: {
      ...(config.ingress.ingressClassName ? { ingressClassName: config.ingress.ingressClassName } : {}),
      rules: [
        ...serviceHosts(service, world).map((host) => hostRule(host, [...explain, all(entryOf(version).name)])),
        ...components.map((component) => hostRule(hostOf(componentName(name, component.role), service, world), [all(component.name)])),
      ],
    },
  };
}

function hostRule(host: string, paths: readonly PathRule[]): object {
  return { host, http: { paths: paths.map(({ path, pathType, service }) => ({ path, pathType, backend: { service: { name: service, port: { number: SERVICE_PORT } } } })) } };
}
