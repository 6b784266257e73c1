import {
  GATEWAY_API, IsvcError, KNATIVE_SERVING_API, LABEL, TerminalError, hasErrors, validateInferenceGraph, type InferenceGraph, type KubeObject,
} from '../../api';
import type { Component } from '../component';
import { hostOf } from '../hosts';
import { templateLabels } from '../metadata';
import { isStopped, resolveMode } from '../mode';
import { serviceHost } from '../names';
import { toProblem } from '../problems';
import { renderDeployment } from '../raw/deployment';
import { ALL_PATHS, renderHttpRoute } from '../raw/http-route';
import { renderAutoscaler } from '../raw/scaling/autoscaler';
import { renderService } from '../raw/service';
import { unpublished } from '../raw/unpublished';
import { renderKnativeService } from '../serverless/knative-service';
import type { Decision, Rendered, RenderResult, World } from '../types';
import { graphMetadata } from './graph-metadata';
import { resolveSteps } from './resolve-steps';
import { routerPod } from './router-pod';

/**
 * Turns one InferenceGraph into its children: a router that knows the addresses of the services it calls.
 *
 * Pure, like `render`: never throws for a bad resource.
 */
export function renderGraph(graph: InferenceGraph, world: World): RenderResult {
  const { mode, decision } = resolveMode(graph, world);
  const problems = [...validateInferenceGraph(graph)];
  if (hasErrors(problems)) return { mode, children: [], decisions: [decision], problems };
  if (isStopped(graph)) {
    return { mode, children: [], decisions: [decision, { topic: 'stop', choice: 'no children', because: 'the stop annotation is true' }], problems, stopped: true };
  }
  try {
    const resolved = resolveSteps(graph, world);
    const component = routerComponent(graph, resolved.nodes, mode, world);
    const rendered = mode === 'Standard' ? rawRouter(graph, component, world) : serverlessRouter(graph, component, world);
    return { mode, children: rendered.children, decisions: [decision, ...resolved.decisions, ...rendered.decisions], problems, endpoints: rendered.endpoints };
  } catch (error) {
    if (!(error instanceof IsvcError)) throw error;
    return { mode, children: [], decisions: [decision], problems: [...problems, toProblem(error)] };
  }
}

function routerComponent(graph: InferenceGraph, nodes: InferenceGraph['spec']['nodes'], mode: RenderResult['mode'], world: World): Component {
  const { minReplicas, maxReplicas, scaleTarget, scaleMetric, timeout } = graph.spec;
  const extension = {
    ...(minReplicas === undefined ? {} : { minReplicas }), ...(maxReplicas === undefined ? {} : { maxReplicas }),
    ...(scaleTarget === undefined ? {} : { scaleTarget }), ...(scaleMetric === undefined ? {} : { scaleMetric }), ...(timeout === undefined ? {} : { timeout }),
  };
  return {
    role: 'predictor', name: graph.metadata.name, namespace: graph.metadata.namespace ?? 'default', extension, agent: false, path: 'spec',
    pod: routerPod(graph, nodes, world.config), metadata: graphMetadata(graph, mode, world.config),
  };
}

/** KServe differs: the router's published host has a route; upstream only writes the host into status. */
function rawRouter(graph: InferenceGraph, component: Component, world: World): Rendered {
  const { scaleMetric } = graph.spec;
  if (scaleMetric === 'concurrency' || scaleMetric === 'rps') {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', `a router in raw mode cannot follow scaleMetric "${scaleMetric}"`, { path: 'spec.scaleMetric', hint: 'use cpu or memory, or serverless mode' });
  }
  const { config } = world;
  const { name, namespace } = component;
  const scaler = renderAutoscaler(component, world);
  const children: KubeObject[] = [renderService(component, config), renderDeployment(component, config), ...scaler.objects];
  const address = `http://${serviceHost(name, namespace)}`;
  const hidden = unpublished(graph, world) ?? (config.ingress.enableGatewayApi ? undefined : 'the platform has no Gateway API; a router behind an Ingress is yours to publish');
  if (hidden) {
    const route: Decision = { topic: 'route', choice: 'no route', because: hidden };
    return { children, decisions: [scaler.decision, route], endpoints: { address, components: { predictor: { objectName: name } } } };
  }
  if (world.apis && !world.apis.has(GATEWAY_API)) {
    throw new TerminalError('ISVC_RENDER_MISSING_API', `the cluster does not serve ${GATEWAY_API}, which publishes raw services`, { hint: 'install the Gateway API CRDs, or set ingress.disableIngressCreation in inferenceservice-config' });
  }
  const host = hostOf(name, graph, world);
  const url = `${config.ingress.urlScheme}://${host}`;
  const rules = [{ match: ALL_PATHS, backends: [{ service: name }], timeout: graph.spec.routerTimeouts?.serverWrite }];
  return {
    children: [...children, renderHttpRoute({ name, hosts: [host], rules, withoutHeaders: true }, graph, component.metadata, config)],
    decisions: [scaler.decision, { topic: 'route', choice: `host ${host}`, because: `domain template over gateway ${config.ingress.kserveIngressGateway}` }],
    endpoints: { url, address, components: { predictor: { objectName: name, url } } },
  };
}

function serverlessRouter(graph: InferenceGraph, component: Component, world: World): Rendered {
  if (world.apis && !world.apis.has(KNATIVE_SERVING_API)) {
    throw new TerminalError('ISVC_RENDER_MISSING_API', `the cluster does not serve ${KNATIVE_SERVING_API}, which serverless mode needs`, { hint: 'install Knative Serving, or set annotation serving.kserve.io/deploymentMode: RawDeployment' });
  }
  const { name, namespace } = component;
  const local = unpublishedByLabel(graph);
  const address = `http://${serviceHost(name, namespace)}`;
  const url = local ? address : `${world.config.ingress.urlScheme}://${name}.${namespace}.${world.config.ingress.ingressDomain}`;
  const kind = { ...component, metadata: { ...component.metadata, labels: { ...templateLabels(component.metadata.labels, world.config), [LABEL.servingKind]: 'InferenceGraph' } } };
  const object = renderKnativeService(kind, [{ latestRevision: true, percent: 100 }], world.config);
  return {
    children: [object],
    decisions: [{ topic: 'route', choice: `host ${new URL(url).host}`, because: local ? 'the graph is cluster-local' : "Knative's own host of the router" }],
    endpoints: { url, address, components: { predictor: { objectName: name, url } } },
  };
}

function unpublishedByLabel(graph: InferenceGraph): boolean {
  return [LABEL.rawVisibility, LABEL.knativeVisibility].some((l) => graph.metadata.labels?.[l] === 'cluster-local');
}
