import { GATEWAY_API, SERVICE_PORT, TerminalError, rolloutOf, type InferenceService, type KubeObject } from '../../api';
import { hostOf, servicePath } from '../hosts';
import { spreadOverNodes } from '../multi-node/spread';
import { componentName, serviceHost } from '../names';
import { mirrorDoubt, mirrorProblem } from '../rollout/mirroring';
import { aboutObject, type Decision, type Endpoints, type Rendered, type World } from '../types';
import { buildVersion, componentsOf, entryOf, type Version } from '../versions';
import { gatewayRoutes, serviceRoute, type RawVersions } from './gateway-routes';
import { renderIngress } from './ingress';
import { servicePorts } from './service';
import { unpublished } from './unpublished';
import { canaryWorkload, stableWorkload } from './workload';

/** Children of a service in raw mode: Service, Deployment and autoscaler of every component, and routes where the service is published. */
export function renderRaw(service: InferenceService, built: Version, world: World): Rendered {
  const spread = spreadOverNodes(built, world);
  const stable = spread.version;
  const versions = rawVersions(service, stable, world);
  const own = stableWorkload(stable, world);
  const canaries = versions.canaries.map((canary) => ({ canary, workload: canaryWorkload(canary, stable, world) }));
  const children = [...own.children, ...spread.children, ...canaries.flatMap((c) => c.workload.children)];
  const decisions = [...own.decisions, ...spread.decisions, ...canaries.flatMap((c) => [...aboutObject(c.canary.predictor.name, c.canary.decisions), ...c.workload.decisions]), ...canaryDecisions(versions)];
  const inCluster = serviceRoute(stable.service, versions, world);
  const routed = inCluster.object ? [inCluster.object] : [];
  const mirroring = { problems: versions.unmirrored ? [versions.unmirrored] : [], ...(versions.mirrorDoubt ? { mirrorDoubt: versions.mirrorDoubt } : {}) };
  const hidden = unpublished(service, world);
  if (hidden) {
    return {
      children: [...children, ...routed],
      decisions: [...decisions, ...inCluster.decisions, { topic: 'route', choice: 'no route', because: hidden }],
      endpoints: { address: addressOf(stable, world), components: Object.fromEntries(componentsOf(stable).map((c) => [c.role, { objectName: c.name }])) },
      ...(routed.length > 0 ? mirroring : {}),
    };
  }
  const published = publish(service, versions, world);
  return {
    children: [...children, ...published.children, ...routed],
    decisions: [...decisions, ...inCluster.decisions, ...published.decisions],
    endpoints: endpointsOf(service, stable, world),
    ...mirroring,
  };
}

function rawVersions(service: InferenceService, stable: Version, world: World): RawVersions {
  const rollout = rolloutOf(service);
  if (rollout.kind !== 'variants') return { stable, canaries: [], shadow: false, unmirrored: undefined, mirrorDoubt: undefined };
  const { variants, shadow } = rollout;
  const copies = shadow && world.config.ingress.enableGatewayApi ? variants.map((v) => v.trafficPercent).filter((percent) => percent > 0) : [];
  const canaries = variants.map((variant) => ({ ...buildVersion(service, 'Standard', world, variant), variant }));
  return { stable, canaries, shadow, unmirrored: mirrorProblem(copies, world), mirrorDoubt: mirrorDoubt(copies, world) };
}

function canaryDecisions({ canaries, shadow, unmirrored }: RawVersions): readonly Decision[] {
  return canaries.map(({ predictor, variant }) => ({
    topic: 'canary',
    ...(unmirrored
      ? { choice: `${predictor.name} gets no requests`, because: unmirrored.message }
      : { choice: `${predictor.name} gets ${shadow ? 'a copy of ' : ''}${variant.trafficPercent} % of the requests`, because: `${variant.path} says so` }),
  }));
}

function publish(service: InferenceService, versions: RawVersions, world: World): { readonly children: readonly KubeObject[]; readonly decisions: readonly Decision[] } {
  const { config } = world;
  const host = hostOf(service.metadata.name, service, world);
  if (config.ingress.enableGatewayApi) {
    if (world.apis && !world.apis.has(GATEWAY_API)) {
      throw new TerminalError('ISVC_RENDER_MISSING_API', 'the cluster does not serve gateway.networking.k8s.io/v1, which publishes raw services', { hint: 'install the Gateway API CRDs, or set ingress.disableIngressCreation in inferenceservice-config' });
    }
    return {
      children: gatewayRoutes(versions.stable.service, versions, world),
      decisions: [{ topic: 'route', choice: `host ${host}`, because: `domain template over gateway ${config.ingress.kserveIngressGateway}` }],
    };
  }
  if (versions.canaries.length > 0) {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', 'an Ingress cannot split traffic between versions', { path: 'spec.canary', hint: 'set ingress.enableGatewayApi in inferenceservice-config' });
  }
  const path = servicePath(service, world);
  return {
    children: [renderIngress(versions.stable.service, versions.stable, world)],
    decisions: [
      { topic: 'route', choice: `host ${host}`, because: `domain template over ingress class ${config.ingress.ingressClassName}` },
      ...(path ? [{ topic: 'route', choice: `no address at path ${path}`, because: 'an Ingress cannot take a path off before the server sees it' } as const] : []),
    ],
  };
}

function endpointsOf(service: InferenceService, stable: Version, world: World): Endpoints {
  const { urlScheme, ingressDomain, enableGatewayApi } = world.config.ingress;
  const path = enableGatewayApi ? servicePath(service, world) : undefined;
  const hostUrl = (name: string): string => `${urlScheme}://${hostOf(name, service, world)}`;
  const { name } = service.metadata;
  return {
    url: path ? `${urlScheme}://${ingressDomain}${path}` : hostUrl(name),
    address: addressOf(stable, world),
    components: Object.fromEntries(componentsOf(stable).map((c) => [c.role, { objectName: c.name, url: hostUrl(componentName(name, c.role)) }])),
  };
}

/** Where callers inside the cluster reach the service; a headless Service maps no ports, so they name the pods'. */
function addressOf(stable: Version, world: World): string {
  const entry = entryOf(stable);
  const [first] = servicePorts(entry);
  const port = world.config.service.serviceClusterIPNone ? `:${first?.targetPort ?? SERVICE_PORT}` : '';
  return `http://${serviceHost(entry.name, entry.namespace)}${port}`;
}
