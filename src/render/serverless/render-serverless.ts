import { ISTIO_NETWORKING_API, KNATIVE_SERVING_API, LABEL, TerminalError, type InferenceService } from '../../api';
import type { Component } from '../component';
import { servicePath } from '../hosts';
import { serviceHost } from '../names';
import { aboutObject, type Decision, type Endpoints, type Rendered, type World } from '../types';
import { componentsOf, entryOf, type Version } from '../versions';
import { renderKnativeService } from './knative-service';
import { revisionTraffic } from './traffic';
import { renderAlias, renderVirtualService } from './virtual-service';

/** Children of a service in serverless mode: one Knative Service a component, and the mesh's route where the platform has Istio. */
export function renderServerless(service: InferenceService, version: Version, world: World): Rendered {
  if (world.apis && !world.apis.has(KNATIVE_SERVING_API)) {
    throw new TerminalError('ISVC_RENDER_MISSING_API', 'the cluster does not serve serving.knative.dev/v1, which serverless mode needs', { hint: 'install Knative Serving, or set annotation serving.kserve.io/deploymentMode: RawDeployment' });
  }
  const components = componentsOf(version);
  const served = components.map((component) => {
    const { traffic, decision } = revisionTraffic(component, rolledOut(service, component, world));
    const decisions = [autoscalingDecision(component), ...(decision ? [decision] : [])];
    return { object: renderKnativeService(component, traffic, world.config), decisions: component === version.predictor ? decisions : aboutObject(component.name, decisions) };
  });
  const knative = { children: served.map((s) => s.object), decisions: served.flatMap((s) => s.decisions) };
  const local = [LABEL.rawVisibility, LABEL.knativeVisibility].some((l) => service.metadata.labels?.[l] === 'cluster-local');
  const own = knativeEndpoints(version, local, world);
  if (!hasMesh(world)) {
    const because = local ? 'the service is cluster-local' : "Knative's own host of the component, since no mesh route is rendered";
    return { ...knative, decisions: [...knative.decisions, { topic: 'route', choice: `host ${new URL(own.url ?? own.address).host}`, because }], endpoints: own };
  }
  return withMeshRoute(service, version, knative, own, local, world);
}

function withMeshRoute(service: InferenceService, version: Version, knative: Omit<Rendered, 'endpoints'>, own: Endpoints, local: boolean, world: World): Rendered {
  const { name, namespace = 'default' } = service.metadata;
  const { urlScheme, ingressDomain, additionalIngressDomains } = world.config.ingress;
  const internal = serviceHost(name, namespace);
  const external = local ? [] : [...new Set([ingressDomain, ...additionalIngressDomains])].map((domain) => `${name}.${namespace}.${domain}`);
  const path = local ? undefined : servicePath(service, world);
  const host = path ? `${ingressDomain}${path}` : (external[0] ?? internal);
  return {
    children: [...knative.children, renderAlias(version.service, world.config), renderVirtualService(version.service, version, { internal, external }, world)],
    decisions: [...knative.decisions, { topic: 'route', choice: `host ${host}`, because: local ? 'the service is cluster-local' : `Istio VirtualService over gateway ${world.config.ingress.ingressGateway}` }],
    endpoints: { ...own, url: `${local ? 'http' : urlScheme}://${host}`, address: `http://${internal}` },
  };
}

/** KServe differs: where Istio is not there, its alias Service is not rendered either. */
function hasMesh(world: World): boolean {
  if (world.config.ingress.disableIstioVirtualHost) return false;
  return world.apis === undefined || world.apis.has(ISTIO_NETWORKING_API) || world.apis.has('networking.istio.io/v1');
}

function knativeEndpoints(version: Version, local: boolean, world: World): Endpoints {
  const { urlScheme, ingressDomain } = world.config.ingress;
  const urlOf = ({ name, namespace }: Component): string => (local ? `http://${serviceHost(name, namespace)}` : `${urlScheme}://${name}.${namespace}.${ingressDomain}`);
  const entry = entryOf(version);
  return {
    url: urlOf(entry),
    address: `http://${serviceHost(entry.name, entry.namespace)}`,
    components: Object.fromEntries(componentsOf(version).map((c) => [c.role, { objectName: c.name, url: urlOf(c) }])),
  };
}

/** The revision that had all of a component's traffic before, as observed or as the service's status remembers. */
function rolledOut(service: InferenceService, { role }: Component, world: World): string | undefined {
  return world.observed?.rolledOut?.[role] ?? service.status?.components?.[role]?.latestRolledoutRevision;
}

function autoscalingDecision({ extension }: Component): Decision {
  const min = extension.minReplicas ?? 1;
  const max = extension.maxReplicas ?? 0;
  const limit = max === 0 ? 'without an upper limit' : `up to ${max}`;
  return {
    topic: 'autoscaling',
    choice: `Knative from ${min} replicas ${limit}`,
    because: min === 0 ? 'minReplicas 0 allows scale to zero' : 'minReplicas keeps the service warm',
  };
}
