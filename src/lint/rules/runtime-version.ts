import { CONTAINER, RUNTIME_IMAGE } from '../../api';
import type { LintContext } from '../context';
import { rawService } from '../example';
import { isOwnImage } from '../own-image';
import type { Hit, Rule } from '../rule';

/** The version that this library knows: its own. */
const KNOWN = RUNTIME_IMAGE.slice(RUNTIME_IMAGE.lastIndexOf(':') + 1);

/** Versions of other servers (`23.05-py3`, `v0.15.0`, `1.3.2`) where the runtime is ours: a tag that its image does not have. */
function* foreignVersions({ services }: LintContext): Generator<Hit> {
  for (const { on, models, components } of services) {
    const pod = components.find((c) => c.role === 'predictor')?.pod.merged;
    const image = pod?.containers.find((c) => c.name === CONTAINER.server)?.image ?? '';
    if (!isOwnImage(image) || image.includes('@')) continue;
    for (const { path, model: { runtimeVersion } } of models) {
      if (runtimeVersion === undefined || mayBeOurs(runtimeVersion)) continue;
      yield {
        on, path: `${path}.runtimeVersion`, message: `"${runtimeVersion}" is no version of ${image.slice(0, image.lastIndexOf(':'))} that this cdk8s-kserve (${KNOWN}) knows`,
        hint: `remove it to get ${KNOWN}, or name the runtime whose version it is, e.g. runtime: kserve-tritonserver`,
      };
    }
  }
}

function mayBeOurs(version: string): boolean {
  const numbers = /^(\d+)\.(\d+)\.\d+(-[a-z0-9.-]+)?$/.exec(version);
  if (!numbers || version.includes('-py')) return false;
  const [major, minor] = KNOWN.split('.').map(Number) as [number, number];
  return Number(numbers[1]) < major || (Number(numbers[1]) === major && Number(numbers[2]) <= minor);
}

const VERSION = (version: string): string => rawService(`
  predictor:
    model:
      modelFormat: { name: onnx }
      runtimeVersion: ${version}
      storageUri: s3://models/iris
`);

/** Which image a model's version leads to. */
export const RUNTIME_VERSION_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_RUNTIME_VERSION', severity: 'warning', title: 'runtimeVersion is a version of the runtime that is chosen',
    why: 'runtimeVersion replaces the tag of the runtime\'s image. For ONNX, MLflow, scikit-learn, XGBoost, LightGBM and PMML that image is ours, where KServe has Triton, MLServer or its Python '
      + 'servers: a tag of theirs does not exist, and the pod waits for its image for ever.',
    bad: VERSION('23.05-py3'), good: VERSION(`${KNOWN}-onnx`), check: foreignVersions,
  },
];
