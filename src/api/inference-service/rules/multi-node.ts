import { ANNOTATION } from '../../keys';
import type { PredictorSpec } from '../types';
import type { StringMap } from '../../k8s/pod';
import type { DeploymentMode } from '../../platform-config/types';
import type { Report } from './report';

/** Accelerators by the names of their device plugins. */
export const GPU_RESOURCES: readonly string[] = ['nvidia.com/gpu', 'amd.com/gpu', 'intel.com/gpu', 'habana.ai/gaudi'];
const NOT_ACCELERATORS = new Set(['cpu', 'memory', 'storage', 'ephemeral-storage']);
const SIZE_ENV = ['PIPELINE_PARALLEL_SIZE', 'TENSOR_PARALLEL_SIZE'];

/** What a model on several nodes must be, as KServe's webhook has it. */
export function checkMultiNode(predictor: PredictorSpec, annotations: StringMap, mode: DeploymentMode | undefined, report: Report): void {
  const { workerSpec, model } = predictor;
  if (!workerSpec) return;
  const path = 'spec.predictor.workerSpec';
  if (mode === 'Knative') report(path, 'needs raw mode: a Knative revision has one pod template', `set annotation ${ANNOTATION.deploymentMode}: RawDeployment`);
  if ((workerSpec.containers?.length ?? 0) > 1) report(`${path}.containers`, `must hold at most one container, got ${workerSpec.containers?.length}`);
  if (annotations[ANNOTATION.autoscalerClass] !== 'none') {
    report(`metadata.annotations["${ANNOTATION.autoscalerClass}"]`, `must be none for a model on several nodes, got "${annotations[ANNOTATION.autoscalerClass] ?? ''}"`, 'nodes of one model cannot be scaled one by one');
  }
  if (!model) return;
  const scheme = model.storageUri?.split('://')[0] ?? '';
  if (scheme !== 'pvc' && !/^oci(\+|$)/.test(scheme)) {
    report('spec.predictor.model.storageUri', `must be a pvc:// or oci:// address for a model on several nodes, got "${model.storageUri ?? ''}"`, 'every node reads the same copy');
  }
  for (const name of SIZE_ENV) {
    if (model.env?.some((e) => e.name === name)) report('spec.predictor.model.env', `sets ${name}, which is computed`, `set ${path}.${name === SIZE_ENV[0] ? 'pipelineParallelSize' : 'tensorParallelSize'} instead`);
  }
  const known = [...GPU_RESOURCES, ...customGpuResources(annotations, report)];
  for (const [at, resources] of [['spec.predictor.model', model.resources], [`${path}.containers`, workerSpec.containers?.[0]?.resources]] as const) {
    const asked = Object.keys({ ...resources?.limits, ...resources?.requests }).filter((name) => !NOT_ACCELERATORS.has(name));
    const unknown = asked.find((name) => !known.includes(name) && !name.startsWith('nvidia.com/mig-'));
    if (unknown) report(`${at}.resources`, `asks for "${unknown}", which is no known accelerator (${known.join(', ')})`, `add it to annotation ${ANNOTATION.gpuResourceTypes} as a JSON list`);
  }
}

/** Further accelerator names that a service's annotation allows. */
export function customGpuResources(annotations: StringMap, report?: Report): readonly string[] {
  const text = annotations[ANNOTATION.gpuResourceTypes];
  if (text === undefined) return [];
  try {
    const names: unknown = JSON.parse(text);
    if (Array.isArray(names) && names.every((n): n is string => typeof n === 'string')) return names;
  } catch {
    // Reported below like any other wrong shape.
  }
  report?.(`metadata.annotations["${ANNOTATION.gpuResourceTypes}"]`, `must be a JSON list of resource names, got ${JSON.stringify(text)}`);
  return [];
}
