import { LABEL, TerminalError, type InferenceService, type KubeObject } from '../../api';
import { componentMetadata, serviceMetadata } from '../metadata';
import { predictorName, serviceHost } from '../names';
import type { PredictorPod } from '../pod/predictor-pod';
import { expandTemplate } from '../template';
import type { Decision, Endpoints, World } from '../types';
import { renderAutoscaler } from './autoscaler';
import { renderDeployment } from './deployment';
import { renderHttpRoute } from './http-route';
import { renderService } from './service';

export interface Rendered {
  readonly children: readonly KubeObject[];
  readonly decisions: readonly Decision[];
  readonly endpoints: Endpoints;
}

/** Children of a service in raw mode: Service, Deployment, autoscaler, and routes where the service is published. */
export function renderRaw(service: InferenceService, built: PredictorPod, world: World): Rendered {
  const { predictor } = service.spec;
  const { config } = world;
  const namespace = service.metadata.namespace ?? 'default';
  const name = predictorName(service.metadata.name, predictor);
  const metadata = componentMetadata(service, 'predictor', predictor, built.runtime, 'Standard', config);
  const autoscaler = renderAutoscaler(name, namespace, metadata, predictor);
  const workload: KubeObject[] = [
    renderService(name, namespace, metadata, built.pod, config),
    renderDeployment(name, namespace, metadata, built.pod, predictor),
    ...(autoscaler.object ? [autoscaler.object] : []),
  ];
  const address = `http://${serviceHost(name, namespace)}`;
  const hidden = unpublished(service, world);
  if (hidden) {
    return {
      children: workload,
      decisions: [autoscaler.decision, { topic: 'route', choice: 'no route', because: hidden }],
      endpoints: { address, components: { predictor: { objectName: name } } },
    };
  }
  if (!config.ingress.enableGatewayApi) {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', 'Ingress objects are not rendered by this version', { path: 'inferenceservice-config: ingress.enableGatewayApi', hint: 'set it to true, or disableIngressCreation to true' });
  }
  if (world.apis && !world.apis.has('gateway.networking.k8s.io/v1')) {
    throw new TerminalError('ISVC_RENDER_MISSING_API', 'the cluster does not serve gateway.networking.k8s.io/v1, which publishes raw services', { hint: 'install the Gateway API CRDs, or set ingress.disableIngressCreation in inferenceservice-config' });
  }
  const shared = serviceMetadata(service, 'Standard', config);
  const predictorRoute = `${service.metadata.name}-predictor`;
  const target = { service: name, timeout: predictor.timeout };
  const host = hostOf(service.metadata.name, service, world);
  const componentHost = hostOf(predictorRoute, service, world);
  return {
    children: [
      ...workload,
      renderHttpRoute(predictorRoute, componentHost, service, shared, target, config),
      renderHttpRoute(service.metadata.name, host, service, shared, target, config),
    ],
    decisions: [autoscaler.decision, { topic: 'route', choice: `host ${host}`, because: `domain template over gateway ${config.ingress.kserveIngressGateway}` }],
    endpoints: {
      url: `${config.ingress.urlScheme}://${host}`,
      address,
      components: { predictor: { objectName: name, url: `${config.ingress.urlScheme}://${componentHost}` } },
    },
  };
}

/** Why a service gets no route; undefined when it gets one. Both visibility labels count, whatever the mode. */
function unpublished(service: InferenceService, world: World): string | undefined {
  const labels = service.metadata.labels ?? {};
  const label = [LABEL.rawVisibility, LABEL.knativeVisibility].find((l) => labels[l] === 'cluster-local');
  if (label) return `label ${label} is cluster-local`;
  if (world.config.ingress.disableIngressCreation) return 'the platform has disableIngressCreation';
  if (world.config.ingress.ingressDomain === 'svc.cluster.local') return 'the platform domain is svc.cluster.local';
  return undefined;
}

function hostOf(objectName: string, service: InferenceService, world: World): string {
  const { namespace = 'default', labels = {}, annotations = {} } = service.metadata;
  const { ingressDomain, domainTemplate } = world.config.ingress;
  const host = expandTemplate(domainTemplate, { Name: objectName, Namespace: namespace, IngressDomain: ingressDomain, Labels: labels, Annotations: annotations });
  const bad = host.split('.').find((part) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(part));
  if (bad === undefined && host.length <= 253) return host;
  throw new TerminalError('ISVC_API_INVALID_VALUE', `host "${host}" is not a DNS name: ${bad === undefined ? `it has ${host.length} characters, 253 are allowed` : `part "${bad}" must be 1 to 63 lower case letters, digits or "-"`}`, {
    path: 'metadata.name', hint: 'shorten the name or the namespace, or change ingress.domainTemplate',
  });
}
