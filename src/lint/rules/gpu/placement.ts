import { MIG_PREFIX, isAccelerator } from '../../gpu/resource-names';
import { gpuPods } from '../../gpu/gpu-pods';
import { gpuService } from '../../example';
import { keyPath, listAt, mapAt, textAt } from '../../read';
import type { LintContext } from '../../context';
import type { Hit, Rule } from '../../rule';

/** Taints are the cluster's and not in a manifest, so this is a note. GKE adds the toleration by itself. */
function* tolerations(context: LintContext): Generator<Hit> {
  for (const { pod, asks: [first], whole } of gpuPods(context)) {
    const selector = { ...pod.fields.nodeSelector };
    if (Object.keys(selector).some((k) => k.startsWith('cloud.google.com/gke-')) || pod.on.object.kind.endsWith('Runtime')) continue;
    const given = listAt(whole?.tolerations ?? pod.fields.tolerations);
    const vendor = first.name.split('/')[0] ?? '';
    const key = first.name.startsWith(MIG_PREFIX) || vendor === 'nvidia.com' ? 'nvidia.com/gpu' : first.name;
    if (given.some((t) => textAt(t, 'key') === key || (textAt(t, 'operator') === 'Exists' && textAt(t, 'key') === undefined))) continue;
    const onlyMig = given.some((t) => textAt(t, 'key')?.startsWith(MIG_PREFIX));
    yield {
      on: pod.on, path: first.path, severity: onlyMig ? 'warning' : 'info',
      message: onlyMig ? `tolerates the MIG resource, and GPU nodes are tainted with ${key}` : `tolerates no taint ${key}, which GPU nodes usually have`,
      hint: `add tolerations: [{key: ${key}, operator: Exists, effect: NoSchedule}]`,
    };
  }
}

const GKE_SELECTOR = 'cloud.google.com/gke-accelerator';
const GKE_ANNOTATION = 'serving.kserve.io/gke-accelerator';

function* gke(context: LintContext): Generator<Hit> {
  for (const { pod, asks: [first] } of gpuPods(context)) {
    const onGke = Object.keys(pod.fields.nodeSelector ?? {}).some((k) => k.startsWith('cloud.google.com/gke-'));
    const annotated = textAt(pod.on.object.metadata.annotations, GKE_ANNOTATION) !== undefined;
    if (annotated && first.name !== 'nvidia.com/gpu') {
      yield { on: pod.on, path: keyPath('metadata.annotations', GKE_ANNOTATION), message: `selects nodes only with a limit called nvidia.com/gpu, got ${first.name}`, hint: `set nodeSelector: {${GKE_SELECTOR}: ...}` };
    }
    if ((onGke || annotated) && first.name.startsWith(MIG_PREFIX)) {
      yield { on: pod.on, path: first.path, message: `GKE advertises MIG slices as nvidia.com/gpu, not as ${first.name}`, hint: `ask for nvidia.com/gpu and select cloud.google.com/gke-gpu-partition-size: ${first.name.slice(MIG_PREFIX.length)}` };
    }
  }
}

/** Labels of GPU Feature Discovery appear only after a node is there. */
function* productOnly(context: LintContext): Generator<Hit> {
  for (const { pod } of gpuPods(context)) {
    const keys = Object.keys(pod.fields.nodeSelector ?? {});
    const min = mapAt(pod.on.object, 'spec', 'predictor')['minReplicas'];
    if (min !== 0 || !keys.includes('nvidia.com/gpu.product') || keys.length > 1) continue;
    yield { on: pod.on, path: keyPath(`${pod.path}.nodeSelector`, 'nvidia.com/gpu.product'), message: 'is set by a pod on the node, so no autoscaler that starts from zero can find it', hint: 'select by your platform\'s own label, e.g. karpenter.k8s.aws/instance-gpu-name' };
  }
}

function* claims({ pods, services }: LintContext): Generator<Hit> {
  for (const { on, path, fields, containers } of pods) {
    const declared = new Set((fields.resourceClaims ?? []).map((c) => textAt(c, 'name')));
    for (const { container, path: at } of containers) {
      for (const [i, claim] of (container.resources?.claims ?? []).entries()) {
        const name = textAt(claim, 'name');
        if (!declared.has(name)) yield { on, path: `${at}.resources.claims[${i}].name`, message: `no resource claim of the pod is called "${name}"; there are ${[...declared].join(', ') || 'none'}`, hint: `add it to ${path}.resourceClaims` };
      }
      const named = Object.keys(container.resources?.limits ?? {}).find(isAccelerator);
      if (named !== undefined && (container.resources?.claims ?? []).length > 0) {
        yield { on, severity: 'warning', path: `${at}.resources.claims`, message: `asks for devices of a claim and for ${named} as well: that is more than one device`, hint: 'keep one of the two' };
      }
    }
  }
  for (const { on, service: { spec } } of services) {
    const { maxReplicas = 1, minReplicas = 1, resourceClaims = [] } = spec.predictor;
    for (const [i, claim] of resourceClaims.entries()) {
      if (textAt(claim, 'resourceClaimName') && Math.max(maxReplicas, minReplicas) > 1) {
        yield { on, severity: 'warning', path: `spec.predictor.resourceClaims[${i}].resourceClaimName`, message: 'all replicas share the devices of one claim', hint: 'use resourceClaimTemplateName' };
      }
    }
  }
}

/** Where accelerators are, and how pods get there. */
export const GPU_PLACEMENT_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_GPU_TOLERATION', severity: 'info', title: 'GPU pods tolerate the taint of GPU nodes',
    why: 'GPU nodes are usually tainted, and only some platforms add the toleration (AKS and EKS do not): the pod then stays Pending beside idle GPUs.',
    bad: gpuService('', { tolerate: false }), good: gpuService(''), check: tolerations,
  },
  {
    code: 'ISVC_LINT_GPU_GKE', severity: 'warning', title: 'GKE is asked in its own words',
    why: 'GKE\'s plugin calls every slice nvidia.com/gpu and tells them apart by node labels; KServe\'s gke-accelerator annotation acts only beside a limit of that name.',
    bad: gpuService('', { predictor: 'nodeSelector: { cloud.google.com/gke-accelerator: nvidia-tesla-a100 }', limits: 'nvidia.com/mig-1g.5gb: 1\nmemory: 16Gi' }),
    good: gpuService('', { predictor: 'nodeSelector: { cloud.google.com/gke-accelerator: nvidia-tesla-a100, cloud.google.com/gke-gpu-partition-size: 1g.5gb }' }), check: gke,
  },
  {
    code: 'ISVC_LINT_GPU_PRODUCT_LABEL', severity: 'warning', title: 'Nodes that do not exist yet can be found',
    why: 'nvidia.com/gpu.product is written by a daemon on the node. A pool that starts from zero has no such node, so nothing is started for the pod.',
    bad: gpuService('', { predictor: 'minReplicas: 0\nnodeSelector: { nvidia.com/gpu.product: NVIDIA-L4 }' }),
    good: gpuService('', { predictor: 'minReplicas: 1\nnodeSelector: { nvidia.com/gpu.product: NVIDIA-L4 }' }), check: productOnly,
  },
  {
    code: 'ISVC_LINT_RESOURCE_CLAIM', severity: 'error', title: 'Resource claims have their names',
    why: 'The API server refuses a container that uses a claim which the pod does not declare; one claim for several replicas gives them all the same device.',
    bad: gpuService('', { limits: 'memory: 16Gi', resources: 'claims: [{ name: gpu }]', predictor: 'resourceClaims: [{ name: gpus, resourceClaimTemplateName: one-gpu }]' }),
    good: gpuService('', { limits: 'memory: 16Gi', resources: 'claims: [{ name: gpu }]', predictor: 'resourceClaims: [{ name: gpu, resourceClaimTemplateName: one-gpu }]' }), check: claims,
  },
];
