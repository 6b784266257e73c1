import fc from 'fast-check';
import type { Container } from '../../../../src/api';
import { planGpus } from '../../../../src/render/multi-node/gpu-plan';

const gpus = (count?: number, name = 'nvidia.com/gpu'): Container => ({ name: 'c', ...(count === undefined ? {} : { resources: { limits: { [name]: count } } }) });
const plan = (tensor: number, pipeline: number, head?: number, worker?: number, backend?: string): object =>
  planGpus({ tensor, pipeline, head: gpus(head), worker: gpus(worker), custom: [], backend });

describe('planGpus', () => {
  it.each<[string, number, number, number | undefined, number | undefined, object]>([
    ['one a node where nobody asks', 4, 2, undefined, undefined, { nodes: 8, headGpus: 1, workerGpus: 1 }],
    ['what workers ask for, the rest on the head', 3, 3, undefined, 4, { nodes: 3, headGpus: 1, workerGpus: 4 }],
    ['one a worker where only the head asks', 4, 2, 4, undefined, { nodes: 5, headGpus: 4, workerGpus: 1 }],
    ['one node where the head has all', 2, 2, 4, 2, { nodes: 1, headGpus: 4 }],
    ['one node for a model that needs one', 1, 1, undefined, undefined, { nodes: 1, headGpus: 1 }],
  ])('%s', (_what, tensor, pipeline, head, worker, expected) => expect(plan(tensor, pipeline, head, worker)).toMatchObject(expected));

  it('gives each process group a node with mp', () => expect(plan(4, 2, undefined, undefined, 'mp')).toMatchObject({ nodes: 2, headGpus: 4, workerGpus: 4 }));

  it('finds accelerators of other makers', () => {
    expect(planGpus({ tensor: 2, pipeline: 1, head: gpus(), worker: gpus(1, 'acme.com/npu'), custom: ['acme.com/npu'], backend: undefined }).resource).toBe('acme.com/npu');
  });

  it('refuses less than the model needs', () => expect(() => plan(4, 2, 1, 2)).toThrow('the model needs 8 nvidia.com/gpu (tensorParallelSize 4 x pipelineParallelSize 2), the nodes have 7'));

  it('always has at least what the model needs', () => {
    const size = fc.integer({ min: 1, max: 8 });
    const asked = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });
    fc.assert(
      fc.property(size, size, asked, asked, (tensor, pipeline, head, worker) => {
        try {
          const { nodes, headGpus, workerGpus } = planGpus({ tensor, pipeline, head: gpus(head), worker: gpus(worker), custom: [], backend: undefined });
          expect(headGpus + workerGpus * (nodes - 1)).toBeGreaterThanOrEqual(tensor * pipeline);
          expect(Math.min(nodes, headGpus, workerGpus)).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ISVC_RENDER_MULTI_NODE' });
        }
      }),
    );
  });
});
