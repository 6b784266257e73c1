import type { TritonModel } from '../../artifact';
import type { LintContext } from '../../context';
import { gpuService, rawService } from '../../example';
import { argsPath, familyOf, flag, gpuPods } from '../../gpu/gpu-pods';
import { modelUses, type ModelUse } from '../../model-uses';
import type { Hit, Rule } from '../../rule';

function* tritonFlags(context: LintContext): Generator<Hit> {
  for (const gpu of gpuPods(context)) {
    if (familyOf(gpu.merged) !== 'triton') continue;
    if (flag(gpu.merged, '--model-control-mode') === 'explicit' && flag(gpu.merged, '--load-model') === undefined && gpu.view.container.args) {
      yield { on: gpu.pod.on, path: argsPath(gpu), message: '--model-control-mode=explicit without --load-model loads nothing', hint: 'add --load-model=NAME for each model, or --load-model=* for all' };
    }
    const timeout = Number(flag(gpu.merged, '--exit-timeout-secs') ?? 30);
    const grace = gpu.whole?.terminationGracePeriodSeconds ?? gpu.pod.fields.terminationGracePeriodSeconds;
    if (grace !== undefined && grace <= timeout) {
      yield { on: gpu.pod.on, path: `${gpu.pod.path}.terminationGracePeriodSeconds`, severity: 'warning', message: `must be above Triton's exit timeout of ${timeout} s, got ${grace}: running requests are cut`, hint: `use ${timeout + 15}` };
    }
  }
}

/** A file of one version, and not an archive of a repository. */
const MODEL_FILE = /\/(config\.pbtxt|[^/]+\.(onnx|plan|engine|pt|pth|py|graphdef|savedmodel))\/?$/;

function* repositories({ services, artifacts }: LintContext): Generator<Hit> {
  for (const use of services.flatMap(modelUses).filter((u) => u.server === 'triton')) {
    const artifact = artifacts.get(use.uri);
    if (artifact?.triton) yield* inFolder(use, artifact.triton.level, artifact.place, artifact.triton.models);
    else yield* inAddress(use);
  }
}

const LAYOUT = 'point at the folder above: REPOSITORY/MODEL/VERSION/model.onnx';

/** What the address alone says. */
function* inAddress({ on, path, uri }: ModelUse): Generator<Hit> {
  if (MODEL_FILE.test(uri)) yield { on, path, message: `ends in a file, and Triton reads a repository: got "${uri}"`, hint: LAYOUT };
  // A repository may itself be kept in a folder of its version.
  else if (/[^/]\/\d+\/?$/.test(uri)) yield { on, path, severity: 'warning', message: `ends in a number, as the versions in Triton's models do: got "${uri}"`, hint: LAYOUT };
}

function* inFolder({ on, path, gpus, sharesMemory }: ModelUse, level: string, place: string, models: readonly TritonModel[]): Generator<Hit> {
  if (level !== 'repository') yield { on, path, message: `is a ${level} of Triton's layout (${place}), and Triton reads a repository of models`, hint: LAYOUT };
  for (const { folder, name, backend, problem, maxBatchSize, dynamicBatching, gpus: wanted } of models) {
    const at = `config.pbtxt of model "${folder}" (${place})`;
    const highest = Math.max(-1, ...wanted);
    if (problem !== undefined) yield { on, path, message: `${at} cannot be read: ${problem}` };
    // A model folder is called as its address ends, so only a repository's names are certain.
    if (level === 'repository' && name !== undefined && name !== folder) yield { on, path, message: `${at} has the name "${name}", and Triton wants that of the folder`, hint: 'make the two equal, or leave the name out' };
    if (dynamicBatching && maxBatchSize === 0) yield { on, path, message: `${at} has dynamic_batching and max_batch_size 0, so there is nothing to put together`, hint: 'set max_batch_size, or remove dynamic_batching' };
    if (highest >= gpus) yield { on, path, message: `${at} asks for GPU ${highest}, and the container has ${gpus === 0 ? 'none' : `${gpus}, counted from 0`}`, hint: 'remove gpus from instance_group: Triton then uses all that it sees' };
    if (backend === 'python' && !sharesMemory) {
      yield { on, path, severity: 'warning', message: `model "${folder}" (${place}) runs in processes of the Python backend, which pass tensors through 64 MiB of shared memory`, hint: 'mount an emptyDir with medium: Memory and sizeLimit: 1Gi at /dev/shm' };
    }
  }
}

const TRITON = (args: string): string => gpuService(`args: [${args}]`, { image: 'tritonserver:25.01-py3' });
const FROM = (uri: string): string => rawService(`
  predictor:
    model:
      modelFormat: { name: triton }
      storageUri: ${uri}
`);

/** Triton's flags and the folders that it reads. */
export const GPU_TRITON_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_TRITON_FLAGS', severity: 'error', title: 'Triton loads models and lets requests finish',
    why: 'In explicit mode Triton serves only what --load-model names, and is ready with nothing. Its exit timeout must end before the pod\'s grace period.',
    bad: TRITON('tritonserver, --model-store=/mnt/models, --model-control-mode=explicit'), good: TRITON('tritonserver, --model-store=/mnt/models, --model-control-mode=explicit, --load-model=*'), check: tritonFlags,
  },
  {
    code: 'ISVC_LINT_TRITON_REPOSITORY', severity: 'error', title: 'Triton gets a repository that it can load',
    why: 'Triton reads REPOSITORY/MODEL/VERSION/model.onnx and finds nothing when the address leads to one model or to a version of it: the most frequent mistake with it. '
      + 'Where the folder is at hand (`--map`, or a `file://` address), each config.pbtxt is read too: its name, dynamic batching without a batch size, GPUs that the container has not, shared memory for the Python backend.',
    bad: FROM('s3://models/repository/densenet/1/model.onnx'), good: FROM('s3://models/repository'), check: repositories,
  },
];
