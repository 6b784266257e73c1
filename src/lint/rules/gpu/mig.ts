import { didYouMean, parseQuantity } from '../../../api';
import type { LintContext } from '../../context';
import { gpuService } from '../../example';
import { MIG_PROFILES, selectedCard } from '../../gpu/cards';
import { flag, gpuAsks, gpuPods, usesMig } from '../../gpu/gpu-pods';
import { MIG_PREFIX } from '../../gpu/resource-names';
import { mapAt } from '../../read';
import type { Hit, Rule } from '../../rule';

const PROFILE = /^[1-7]g\.\d+gb(\.me)?(\.all)?$/;

function* badProfiles(context: LintContext): Generator<Hit> {
  for (const { pod, path, name } of gpuAsks(context)) {
    if (!name.startsWith(MIG_PREFIX)) continue;
    const given = name.slice(MIG_PREFIX.length).replace(/\.shared$/, '');
    const profile = given.replace(/\.me$/, '');
    const card = selectedCard({ ...pod.fields.nodeSelector });
    if (given.includes('+')) {
      yield { on: pod.on, path, message: `a "+" cannot be in a resource name, got "${name}"`, hint: `write ${name.replaceAll('+', '.')}` };
    } else if (!PROFILE.test(given)) {
      yield { on: pod.on, path, message: `"${given}" is no MIG profile such as 1g.10gb`, hint: didYouMean(given, MIG_PROFILES) };
    } else if (card && !card.mig) {
      yield { on: pod.on, path, message: `the selected card, ${card.name}, cannot be divided by MIG`, hint: 'ask for nvidia.com/gpu, or select another card' };
    } else if (card?.mig && !card.mig.includes(profile)) {
      yield { on: pod.on, path, message: `the selected card, ${card.name}, has no profile ${profile}; it has ${card.mig.join(', ')}`, hint: didYouMean(profile, card.mig) };
    } else if (!MIG_PROFILES.has(profile)) {
      // A newer card may have it.
      yield { on: pod.on, path, severity: 'warning', message: `no card known here has MIG profile ${profile}`, hint: didYouMean(profile, MIG_PROFILES) };
    }
  }
}

function* severalSlices(context: LintContext): Generator<Hit> {
  for (const { pod, path, name, limit } of gpuAsks(context)) {
    const amount = parseQuantity(limit ?? 0) ?? 0;
    if (name.startsWith(MIG_PREFIX) && amount > 1) yield { on: pod.on, path, message: `asks for ${amount} slices, and a CUDA process uses one`, hint: 'ask for 1 slice of a larger profile' };
  }
  for (const gpu of gpuPods(context)) {
    const parallel = Number(flag(gpu.merged, '--tensor-parallel-size', '-tp') ?? 1);
    if (usesMig(gpu) && mapAt(gpu.pod.on.object, 'spec', 'predictor')['workerSpec'] !== undefined) {
      yield { on: gpu.pod.on, path: gpu.asks[0].path, severity: 'error', message: 'is a MIG slice in a service of several nodes, whose processes must speak to each other over whole GPUs', hint: 'ask for nvidia.com/gpu' };
    } else if (usesMig(gpu) && parallel > 1) yield { on: gpu.pod.on, path: `${gpu.view.path}.args`, severity: 'error', message: `asks for tensor parallel ${parallel} on MIG slices, which cannot speak to each other`, hint: 'use whole GPUs, or tensor parallel 1' };
  }
}

function withProfile(profile: string, count = 1): string {
  return gpuService('', { limits: `${MIG_PREFIX}${profile}: ${count}\nmemory: 16Gi`, predictor: 'nodeSelector: { nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3 }' });
}

/** Slices of cards. */
export const GPU_MIG_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_MIG_PROFILE', severity: 'error', title: 'MIG profiles exist on the selected card',
    why: 'Profiles differ from card to card (H200 has 3g.71gb, not 3g.70gb), and a pod that asks for one that no node has stays Pending. The `+` of media profiles is a `.` in resource names.',
    bad: withProfile('2g.10gb'), good: withProfile('2g.20gb'), check: badProfiles,
  },
  {
    code: 'ISVC_LINT_MIG_SEVERAL', severity: 'warning', title: 'A server uses one MIG slice',
    why: 'A CUDA process sees one MIG device, and slices have no link between them: further ones are reserved and idle, and tensor parallelism over them fails.',
    bad: withProfile('1g.10gb', 2), good: withProfile('2g.20gb'), check: severalSlices,
  },
];
