import { TerminalError, type KubeObject } from '../api';
import { expandTemplate } from './template';
import type { World } from './types';

/** Host of an object of the service under the platform's domain template. */
export function hostOf(objectName: string, service: KubeObject, world: World, domain = world.config.ingress.ingressDomain): string {
  const { namespace = 'default', labels = {}, annotations = {} } = service.metadata;
  const host = expandTemplate(world.config.ingress.domainTemplate, { Name: objectName, Namespace: namespace, IngressDomain: domain, Labels: labels, Annotations: annotations });
  const bad = host.split('.').find((part) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(part));
  if (bad === undefined && host.length <= 253) return host;
  throw new TerminalError('ISVC_API_INVALID_VALUE', `host "${host}" is not a DNS name: ${bad === undefined ? `it has ${host.length} characters, 253 are allowed` : `part "${bad}" must be 1 to 63 lower case letters, digits or "-"`}`, {
    path: 'metadata.name', hint: 'shorten the name or the namespace, or change ingress.domainTemplate',
  });
}

/** The service's hosts under the platform's main and further domains, each once. */
export function serviceHosts(service: KubeObject, world: World): readonly [string, ...string[]] {
  const main = hostOf(service.metadata.name, service, world);
  const further = world.config.ingress.additionalIngressDomains.map((domain) => hostOf(service.metadata.name, service, world, domain));
  return [main, ...[...new Set(further)].filter((host) => host !== main)];
}

/** Path of the platform's domain where the service answers too, without a slash at its end; undefined when there is none. */
export function servicePath(service: KubeObject, world: World): string | undefined {
  const { pathTemplate } = world.config.ingress;
  if (pathTemplate === '') return undefined;
  const path = expandTemplate(pathTemplate, { Name: service.metadata.name, Namespace: service.metadata.namespace ?? 'default' }).replace(/\/+$/, '');
  if (/^(\/[\w.~-]+)+$/.test(path)) return path;
  throw new TerminalError('ISVC_API_CONFIG', `path "${path}" is not an absolute path of letters, digits and "-._~"`, { path: 'inferenceservice-config: ingress.pathTemplate', hint: 'write e.g. /serving/{{ .Namespace }}/{{ .Name }}' });
}
