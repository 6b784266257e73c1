import type { Probe } from '../../../api';
import type { LintContext } from '../../context';
import { gpuService } from '../../example';
import { gpuPods, type GpuPod } from '../../gpu/gpu-pods';
import { servedModels, type ServedModel } from '../../gpu/served-models';
import type { Hit, Rule } from '../../rule';

/** Seconds in which hardly any GPU server has loaded its model. */
const SHORT_START = 120;
/** GiB a second that a good local disk gives; network volumes and object stores give a tenth to a half of it. */
const READ_RATE = 1;
/** Seconds for CUDA context, compilation and graphs of a server that does little of it. */
const WARM_UP = 60;
/** A budget that only just suffices fails on the first slow node. */
const RESERVE = 1.5;

/** Probes that kill a server which is still loading. Without any probe nothing does. */
function* impatientProbes(context: LintContext): Generator<Hit> {
  const models = new Map([...servedModels(context)].map((m) => [m.gpu.view, m] as const));
  for (const gpu of gpuPods(context)) {
    const { livenessProbe, startupProbe } = gpu.merged;
    const probe = startupProbe ?? livenessProbe;
    if (!probe) continue;
    const served = models.get(gpu.view);
    const needed = served ? Math.max(SHORT_START, estimateOf(served)) : SHORT_START;
    const budget = budgetOf(probe);
    if (budget >= needed) continue;
    const enough = Math.ceil(needed / 60) * 60;
    const what = served ? `; ${served.model.name} has ${Math.round(served.weights)} GiB to load, about ${Math.round(needed)} s` : '';
    yield {
      on: gpu.pod.on, path: pathOf(gpu, startupProbe ? 'startupProbe' : 'livenessProbe'),
      message: `kills the server ${budget} s after its start${startupProbe ? '' : ', and there is no startupProbe that lets a model load'}${what}`,
      hint: startupProbe ? `raise failureThreshold times periodSeconds to ${enough} s or more` : `add a startupProbe with failureThreshold times periodSeconds of ${enough} s or more`,
    };
  }
}

/** Seconds until a language model answers, on a good disk. */
function estimateOf({ weights, pipeline }: ServedModel): number {
  return RESERVE * (weights / pipeline / READ_RATE + WARM_UP);
}

function budgetOf({ initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 }: Probe): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}

/** The probe where it is written, or the container when the runtime brings it. */
function pathOf({ view }: GpuPod, probe: 'startupProbe' | 'livenessProbe'): string {
  return view.container[probe] ? `${view.path}.${probe}` : view.path;
}

/** Time for a model to load. */
export const GPU_STARTUP_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_GPU_STARTUP', severity: 'warning', title: 'GPU servers have time to start',
    why: 'Loading weights and compiling takes minutes. A liveness probe without a startup probe before it, or a startup probe with less time than the weights take to read, kills the server each time it is nearly done. '
      + 'The time of known language models is 1.5 times their weights at 1 GiB a second and a minute to warm up; a network volume needs more.',
    bad: gpuService('livenessProbe: { httpGet: { path: /health, port: 8080 }, periodSeconds: 10, failureThreshold: 3 }'),
    good: gpuService('livenessProbe: { httpGet: { path: /health, port: 8080 } }\nstartupProbe: { httpGet: { path: /health, port: 8080 }, periodSeconds: 10, failureThreshold: 90 }'), check: impatientProbes,
  },
];
