import { checkMetadata } from '../check-metadata';
import { checkBlockedEnv } from '../inference-service/rules/implementation';
import { reporter, type Report } from '../inference-service/rules/report';
import { CONTAINER } from '../keys';
import { CLUSTER_SERVING_RUNTIME_KIND, SERVING_RUNTIME_KIND, manifestSchema } from '../kinds';
import type { Problem } from '../problem';
import { checkSchema } from '../schema/check-schema';
import type { ServingRuntime, ServingRuntimeSpec } from './types';

const SCHEMAS = {
  ServingRuntime: manifestSchema(SERVING_RUNTIME_KIND),
  ClusterServingRuntime: manifestSchema(CLUSTER_SERVING_RUNTIME_KIND),
} as const;

/** Everything that is wrong with a runtime looked at alone. */
export function validateServingRuntime(runtime: ServingRuntime): readonly Problem[] {
  const shape = [...checkMetadata(runtime.metadata), ...checkSchema(SCHEMAS[runtime.kind], runtime, '')];
  if (shape.some((p) => p.severity === 'error' && p.code !== 'ISVC_API_UNKNOWN_FIELD')) return shape;
  const problems = [...shape];
  const { containers, supportedModelFormats = [], disabled } = runtime.spec;
  if (!disabled && !containers.some((c) => c.name === CONTAINER.server)) {
    problems.push({
      code: 'ISVC_API_INVALID_VALUE', severity: 'error', path: 'spec.containers',
      message: `none is called ${CONTAINER.server}, got ${containers.map((c) => `"${c.name}"`).join(', ') || 'an empty list'}`,
      hint: `name the model server ${CONTAINER.server}`,
    });
  }
  const report = reporter(problems);
  checkBlockedEnv(containers, 'spec.containers', report);
  checkWorkers(runtime.spec, report);
  const priorities = new Map<string, number>();
  supportedModelFormats.forEach((format, index) => {
    if (!format.autoSelect || format.priority === undefined) return;
    const seen = priorities.get(format.name);
    if (seen !== undefined && seen !== format.priority) {
      problems.push({
        code: 'ISVC_API_INVALID_VALUE', severity: 'error', path: `spec.supportedModelFormats[${index}].priority`,
        message: `must equal the priority ${seen} that format "${format.name}" has above, got ${format.priority}`,
      });
    }
    priorities.set(format.name, seen ?? format.priority);
  });
  return problems;
}

/** A worker pod is one container, and how the model is cut is for the service to say, not for the environment. */
function checkWorkers({ workerSpec, containers }: ServingRuntimeSpec, report: Report): void {
  if (!workerSpec) return;
  const workers = workerSpec.containers ?? [];
  if (workers.length !== 1) report('spec.workerSpec.containers', `must hold exactly one container, got ${workers.length}`, 'keep the one that joins the cluster', 'ISVC_API_EXACTLY_ONE');
  checkBlockedEnv(workers, 'spec.workerSpec.containers', report);
  for (const name of ['PIPELINE_PARALLEL_SIZE', 'TENSOR_PARALLEL_SIZE']) {
    if (containers.some((c) => c.env?.some((e) => e.name === name))) report('spec.containers', `sets ${name}, which is computed`, 'set pipelineParallelSize and tensorParallelSize of workerSpec');
  }
}
