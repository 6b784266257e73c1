import type { StringMap } from '../../api';
import { misuse } from '../check';

const MEBIBYTE = 1024 ** 2;
/** What drivers report is up to a tenth below the size that a card is sold with, and above that of the next smaller card. */
const REPORTED_SHARE = 0.9;

interface NodeFacts {
  readonly nodeSelector?: StringMap;
  readonly tolerations?: readonly { readonly key: string; readonly operator: 'Exists' | 'Equal'; readonly value?: string; readonly effect: string }[];
  /** Label that holds the memory of a GPU in MiB, where nodes have one before they exist. */
  readonly memoryLabel?: string;
}

/** Which nodes GPU pods go to: labels and taints differ between clouds, and some exist only once a node runs. */
export class GpuNodes {
  /** Nodes with the labels of NVIDIA's GPU Feature Discovery, which the GPU Operator installs. */
  static discovered(options: { /** Product label, e.g. `NVIDIA-L4`. @default - any */ readonly product?: string } = {}): GpuNodes {
    return new GpuNodes({ memoryLabel: 'nvidia.com/gpu.memory', ...(options.product ? { nodeSelector: { 'nvidia.com/gpu.product': options.product } } : {}) });
  }

  /** @param accelerator e.g. `nvidia-l4`, `nvidia-h100-80gb`. */
  static gke(accelerator: string, options: { readonly spot?: boolean } = {}): GpuNodes {
    return new GpuNodes({ nodeSelector: { 'cloud.google.com/gke-accelerator': accelerator, ...(options.spot ? { 'cloud.google.com/gke-spot': 'true' } : {}) } });
  }

  static aks(options: { /** Name of the node pool. @default - any with NVIDIA GPUs */ readonly pool?: string; readonly spot?: boolean } = {}): GpuNodes {
    return new GpuNodes({
      nodeSelector: { 'kubernetes.azure.com/accelerator': 'nvidia', ...(options.pool ? { 'kubernetes.azure.com/agentpool': options.pool } : {}) },
      tolerations: [
        { key: 'sku', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' },
        ...(options.spot ? [{ key: 'kubernetes.azure.com/scalesetpriority', operator: 'Equal', value: 'spot', effect: 'NoSchedule' } as const] : []),
      ],
    });
  }

  /** Nodes that Karpenter makes on AWS. */
  static karpenter(options: { /** e.g. `l4`, `a10g`, `h100`. @default - any */ readonly gpuName?: string; /** @default - either */ readonly capacityType?: 'spot' | 'on-demand' } = {}): GpuNodes {
    const nodeSelector = {
      ...(options.gpuName ? { 'karpenter.k8s.aws/instance-gpu-name': options.gpuName } : {}),
      ...(options.capacityType ? { 'karpenter.sh/capacity-type': options.capacityType } : {}),
    };
    return new GpuNodes({ memoryLabel: 'karpenter.k8s.aws/instance-gpu-memory', ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}) });
  }

  /** Nodes with labels of your own. */
  static labelled(nodeSelector: StringMap): GpuNodes {
    return new GpuNodes({ nodeSelector });
  }

  readonly facts: NodeFacts;

  private constructor(facts: NodeFacts) {
    this.facts = facts;
  }

  /** The affinity that asks for cards of a size; undefined when any will do. */
  affinityFor(path: string, memoryBytes: number | undefined): { readonly key: string; readonly operator: 'Gt'; readonly values: readonly [string] } | undefined {
    if (memoryBytes === undefined) return undefined;
    const { memoryLabel } = this.facts;
    if (!memoryLabel) throw misuse(path, 'these nodes have no label that tells the memory of a GPU', 'leave memory out, and choose the card by the nodes');
    return { key: memoryLabel, operator: 'Gt', values: [String(Math.floor((memoryBytes / MEBIBYTE) * REPORTED_SHARE))] };
  }
}
