import type { Artifact, ArtifactModel } from '../artifact';
import type { LintContext } from '../context';
import { rawService } from '../example';
import { modelUses, type ModelUse } from '../model-uses';
import { mayRunOnnx } from '../own-image';
import type { Hit, Rule } from '../rule';

/** Models that this project's server reads, as it would read them when its pod starts. */
function* refused({ services, artifacts }: LintContext): Generator<Hit> {
  for (const use of services.flatMap(modelUses)) {
    const artifact = use.server === 'own' ? artifacts.get(use.uri) : undefined;
    for (const model of artifact?.models ?? []) yield* aboutModel(use, model, artifact?.place ?? '');
  }
}

function* aboutModel({ on, path, image }: ModelUse, { file, format, refusal }: ArtifactModel, place: string): Generator<Hit> {
  const what = `${file === '' ? 'what lies there' : `"${file}"`} (${place})`;
  if (refusal) yield { on, path, message: `${what} would be refused with ${refusal.code}: ${refusal.message}`, hint: refusal.hint ?? 'isvc inspect says more of the file' };
  else if (format === 'onnx' && !mayRunOnnx(image)) {
    yield { on, path, message: `${what} is an ONNX model, and image ${image} has no ONNX Runtime in it`, hint: 'write modelFormat: {name: onnx}, or use an image whose tag ends in -onnx' };
  }
}

const FROM = (uri: string): string => rawService(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: ${uri}
`);

/** A file that somebody's Python would run, and one that is what it says. */
const EXAMPLES: ReadonlyMap<string, Artifact> = new Map<string, Artifact>([
  ['s3://models/unknown', {
    place: './models/unknown',
    models: [{
      name: 'unknown', file: 'model.pkl', format: 'sklearn',
      refusal: { code: 'ISVC_MODEL_FORBIDDEN', message: 'names posix.system at byte 28, which is not on the allow-list; nothing was executed', hint: 'save the model again from supported scikit-learn estimators alone or export it as ONNX' },
    }],
  }],
  ['s3://models/iris', { place: './models/iris', models: [{ name: 'iris', file: 'model.joblib', format: 'sklearn' }] }],
]);

/** What lies at the models' addresses. */
export const MODEL_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_MODEL_REFUSED', severity: 'error', title: 'Models that are at hand would be served',
    why: 'A pickle that names other code than estimators, a damaged file or a folder without a model ends the pod when it starts, after everything else was right. '
      + 'The file is read as the server reads it and nothing in it is run; `isvc inspect` says all that is known of it.',
    given: 'With `--map s3://models=./models`, or at a `file://` address, where `unknown` holds a pickle that calls `os.system` and `iris` one of scikit-learn:',
    artifacts: EXAMPLES, bad: FROM('s3://models/unknown'), good: FROM('s3://models/iris'), check: refused,
  },
];
