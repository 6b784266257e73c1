import { ANNOTATION, CONTAINER, LABEL, MODEL_DIR, TerminalError, customGpuResources, type Container, type EnvVar, type KubeObject, type PodSpec } from '../../api';
import type { Component } from '../component';
import { unlessEmpty } from '../metadata';
import { appLabel } from '../names';
import { renderDeployment } from '../raw/deployment';
import type { Decision, World } from '../types';
import type { Version } from '../versions';
import { planGpus, withGpus, type GpuPlan } from './gpu-plan';
import { workerPod } from './worker-pod';

export interface Spread {
  /** The version with its predictor as head node. */
  readonly version: Version;
  readonly children: readonly KubeObject[];
  readonly decisions: readonly Decision[];
}

/**
 * Spreads a predictor over nodes: the predictor is the head, a second Deployment holds the workers, and two headless
 * Services let them find each other. Their names carry the generation, which keeps the pods of an old and a new version
 * out of one cluster during a rollout.
 */
export function spreadOverNodes(version: Version, world: World): Spread {
  const { service, predictor, runtime } = version;
  const worker = service.spec.predictor.workerSpec;
  if (!worker) return { version, children: [], decisions: [] };
  if (!runtime) throw new TerminalError('ISVC_RENDER_MULTI_NODE', 'needs a runtime that serves on several nodes', { path: 'spec.predictor.workerSpec', hint: 'use model instead of containers' });
  const generation = String(service.metadata.generation ?? 1);
  const pod = workerPod(service, runtime, worker, world);
  const tensor = worker.tensorParallelSize ?? runtime.spec.workerSpec?.tensorParallelSize ?? 1;
  const pipeline = worker.pipelineParallelSize ?? runtime.spec.workerSpec?.pipelineParallelSize ?? 1;
  const plan = planGpus({
    tensor, pipeline, head: serverOf(predictor.pod, CONTAINER.server), worker: serverOf(pod, CONTAINER.worker),
    custom: [...world.config.multiNode.customGPUResourceTypeList, ...customGpuResources(predictor.metadata.annotations)],
    backend: runtime.spec.annotations?.[ANNOTATION.executorBackend],
  });
  const headService = `${service.metadata.name}-head-${generation}`;
  const workerService = `${service.metadata.name}-workers-${generation}`;
  const sizes = { pipeline, tensor, nodes: plan.nodes };
  const modelDir = /^(pvc|oci(\+[a-z]+)?):\/\//.test(service.spec.predictor.model?.storageUri ?? '') ? [{ name: 'MODEL_DIR', value: MODEL_DIR }] : [];
  const head = changed(predictor, generation, CONTAINER.server, plan.resource, plan.headGpus, [
    ...sizeEnv(sizes, plan.headGpus), { name: 'MODEL_NAME', value: service.metadata.name }, ...modelDir,
  ]);
  const workers = changed({ ...predictor, name: `${service.metadata.name}-predictor-worker`, pod }, generation, CONTAINER.worker, plan.resource, plan.workerGpus, [
    ...sizeEnv(sizes, plan.workerGpus),
    { name: 'ISVC_NAME', value: service.metadata.name }, { name: 'HEAD_SVC', value: headService }, { name: 'WORKER_SVC', value: workerService },
  ]);
  return {
    version: { ...version, predictor: head },
    children: [workerDeployment(workers, plan, world), headless(headService, 'head', head, generation), headless(workerService, 'worker', workers, generation)],
    decisions: [{ topic: 'component', choice: `${plan.nodes} nodes with ${plan.headGpus} and ${plan.workerGpus} ${plan.resource}`, because: `tensorParallelSize ${tensor} x pipelineParallelSize ${pipeline}` }],
  };
}

/** All workers of a version are replaced at once: a cluster of old and new ones serves nobody. */
function workerDeployment(workers: Component, plan: GpuPlan, world: World): KubeObject {
  const deploymentStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0%', maxSurge: '100%' } };
  return renderDeployment({ ...workers, extension: { ...workers.extension, minReplicas: plan.nodes - 1, deploymentStrategy } }, world.config);
}

function headless(name: string, role: 'head' | 'worker', component: Component, generation: string): KubeObject {
  const { namespace, metadata } = component;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { ...metadata.labels, [LABEL.multiNodeRole]: role }, ...unlessEmpty('annotations', metadata.annotations) },
    spec: { clusterIP: 'None', publishNotReadyAddresses: true, selector: { [LABEL.app]: appLabel(component.name), [LABEL.generation]: generation } },
  };
}

function changed(component: Component, generation: string, container: string, resource: string, gpus: number, env: readonly EnvVar[]): Component {
  const containers = component.pod.containers.map((c) => (c.name === container ? withEnv(withGpus(c, resource, gpus), env) : c));
  const labels = { ...component.metadata.labels, [LABEL.generation]: generation };
  return { ...component, pod: { ...component.pod, containers }, metadata: { ...component.metadata, labels } };
}

function withEnv(container: Container, env: readonly EnvVar[]): Container {
  const names = new Set(env.map((e) => e.name));
  return { ...container, env: [...(container.env ?? []).filter((e) => !names.has(e.name)), ...env] };
}

function sizeEnv({ pipeline, tensor, nodes }: { readonly pipeline: number; readonly tensor: number; readonly nodes: number }, gpus: number): readonly EnvVar[] {
  return [
    { name: 'PIPELINE_PARALLEL_SIZE', value: String(pipeline) },
    { name: 'TENSOR_PARALLEL_SIZE', value: String(tensor) },
    { name: 'RAY_NODE_COUNT', value: String(nodes) },
    { name: 'REQUEST_GPU_COUNT', value: String(gpus) },
  ];
}

function serverOf(pod: PodSpec, name: string): Container {
  const found = pod.containers.find((c) => c.name === name);
  if (!found) throw new TerminalError('ISVC_RENDER_MULTI_NODE', `there is no container called ${name}`, { path: 'spec.predictor.workerSpec' });
  return found;
}
