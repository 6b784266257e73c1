import { GPU_RESOURCES, TerminalError, type Container } from '../../api';

/** How a model is spread over nodes. */
export interface GpuPlan {
  /** Name of the accelerator resource. */
  readonly resource: string;
  /** Nodes, the head included. */
  readonly nodes: number;
  readonly headGpus: number;
  readonly workerGpus: number;
}

export interface GpuRequest {
  readonly tensor: number;
  readonly pipeline: number;
  readonly head: Container;
  readonly worker: Container;
  /** Further accelerator names. */
  readonly custom: readonly string[];
  /** `mp`: one process group a node; anything else is a Ray cluster. */
  readonly backend: string | undefined;
}

const DEFAULT_RESOURCE = 'nvidia.com/gpu';

/**
 * Plans accelerators a node. The model needs `tensor x pipeline` of them in all: taken from what the containers ask for,
 * and one a node where they ask for none.
 *
 * @throws TerminalError ISVC_RENDER_MULTI_NODE when what the containers ask for is less than the model needs.
 */
export function planGpus({ tensor, pipeline, head, worker, custom, backend }: GpuRequest): GpuPlan {
  const resource = [...GPU_RESOURCES, ...custom].find((name) => countOf(head, name) !== undefined || countOf(worker, name) !== undefined) ?? DEFAULT_RESOURCE;
  if (backend === 'mp') return { resource, nodes: pipeline, headGpus: tensor, workerGpus: tensor };
  const total = tensor * pipeline;
  const headAsked = countOf(head, resource);
  const workerAsked = countOf(worker, resource);
  if (headAsked !== undefined && headAsked >= total) return { resource, nodes: 1, headGpus: total, workerGpus: workerAsked ?? 1 };
  const workerGpus = workerAsked ?? 1;
  if (workerGpus < 1) throw new TerminalError('ISVC_RENDER_MULTI_NODE', `worker nodes ask for ${workerGpus} ${resource}`, { path: 'spec.predictor.workerSpec.containers[0].resources', hint: 'ask for at least 1' });
  const nodes = workerAsked === undefined && headAsked !== undefined ? 1 + (total - headAsked) : Math.ceil(total / workerGpus);
  const headGpus = headAsked ?? total - workerGpus * (nodes - 1);
  const given = headGpus + workerGpus * (nodes - 1);
  if (given < total) {
    throw new TerminalError('ISVC_RENDER_MULTI_NODE', `the model needs ${total} ${resource} (tensorParallelSize ${tensor} x pipelineParallelSize ${pipeline}), the nodes have ${given}`, {
      path: 'spec.predictor.workerSpec', hint: `ask for more on the head (${headGpus}) or the workers (${workerGpus})`,
    });
  }
  return { resource, nodes, headGpus, workerGpus };
}

function countOf(container: Container, resource: string): number | undefined {
  const amount = container.resources?.limits?.[resource] ?? container.resources?.requests?.[resource];
  return amount === undefined ? undefined : Number(amount);
}

/** The container with that many accelerators, as limit and request: Kubernetes wants them equal. */
export function withGpus(container: Container, resource: string, count: number): Container {
  const amount = { [resource]: String(count) };
  return { ...container, resources: { ...container.resources, limits: { ...container.resources?.limits, ...amount }, requests: { ...container.resources?.requests, ...amount } } };
}
