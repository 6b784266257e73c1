import { ANNOTATION, CONTAINER, isJsonObject, modelSignersProblem, parseModelDigests, parseModelVerification, type ConfigMapKey } from '../../api';
import type { LintContext } from '../context';
import { documents, plainObject, rawService } from '../example';
import type { LintObject } from '../lint-object';
import { keyPath, listAt, mapAt, textAt } from '../read';
import type { Hit, Rule } from '../rule';
import type { ComponentView, ServiceView } from '../service-view';

/** KServe's fetcher knows no options. */
const UPSTREAM_FETCHER = /(^|\/)kserve\/storage-initializer(:|@|$)/;

/** A ConfigMap key that verification reads, with where the annotation stands. */
export interface VerificationFile extends ConfigMapKey {
  readonly on: LintObject;
  readonly path: string;
  readonly what: 'digests' | 'signers' | 'signature';
}

/** Every file that annotations name, once. */
export function* verificationFiles({ services }: LintContext): Generator<VerificationFile> {
  const seen = new Set<string>();
  for (const view of services) {
    for (const component of view.components) {
      const { asked } = parseModelVerification(component.annotations);
      for (const what of ['digests', 'signers', 'signature'] as const) {
        const file = asked[what];
        if (file === undefined || typeof file === 'string') continue;
        const path = annotationPath(component, { digests: ANNOTATION.modelDigests, signers: ANNOTATION.modelSigners, signature: ANNOTATION.modelSignature }[what]);
        const key = [view.on.index, path, file.name, file.key].join(' ');
        if (!seen.has(key)) yield { ...file, on: view.on, path, what };
        seen.add(key);
      }
    }
  }
}

function* verification(context: LintContext): Generator<Hit> {
  for (const view of context.services) yield* ofService(view);
  for (const { on, path, what, name, key } of verificationFiles(context)) {
    const text = textAt(context.find('ConfigMap', on.namespace, name)?.object, 'data', key);
    const problem = text === undefined ? undefined : contentProblem(what, text);
    if (problem !== undefined) yield { on, path, message: `"${key}" of config map "${name}": ${problem}`, hint: HINTS[what] };
  }
}

const HINTS = {
  digests: 'write it with: cd MODEL && find . -type f | xargs sha256sum',
  signers: 'write public keys or certificates as PEM',
  signature: 'write it with: model_signing sign key MODEL --signature model.sig',
} as const;

function contentProblem(what: VerificationFile['what'], text: string): string | undefined {
  if (what === 'signers') return modelSignersProblem(text);
  if (what === 'digests') return parseModelDigests(text).problems[0];
  try {
    const bundle: unknown = JSON.parse(text);
    return isJsonObject(bundle) && isJsonObject(bundle['dsseEnvelope']) ? undefined : 'is no Sigstore bundle with a DSSE envelope';
  } catch {
    return 'is not JSON, so no Sigstore bundle';
  }
}

function* ofService({ on, components, result }: ServiceView): Generator<Hit> {
  const asking = components.filter(({ annotations }) => annotations[ANNOTATION.modelDigests] || annotations[ANNOTATION.modelSigners]);
  const [first] = asking;
  if (!first || result.problems.some((p) => p.severity === 'error')) return;
  const key = first.annotations[ANNOTATION.modelDigests] ? ANNOTATION.modelDigests : ANNOTATION.modelSigners;
  const images = asking.flatMap(fetchers);
  if (images.length === 0) yield { on, path: annotationPath(first, key), message: 'nothing is verified: no component fetches a model', hint: 'give the model a storageUri, or remove the annotation' };
  const upstream = images.find((image) => UPSTREAM_FETCHER.test(image));
  if (upstream !== undefined) yield { on, path: annotationPath(first, key), message: `the fetcher "${upstream}" verifies nothing and fails on the options for it`, hint: 'set storageInitializer.image of inferenceservice-config to the runtime image of this project' };
}

/** Images that bring a component's models. */
function fetchers({ pod }: ComponentView): readonly string[] {
  return listAt(pod.merged, 'initContainers').flatMap((c) => (mapAt(c)['name'] === CONTAINER.storageInitializer ? [textAt(c, 'image') ?? ''] : []));
}

function annotationPath({ path, extension }: ComponentView, key: string): string {
  return keyPath(`${extension.annotations?.[key] === undefined ? 'metadata' : path}.annotations`, key);
}

const VERIFIED = rawService(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`, { annotations: 'serving.cdk8s-kserve.io/model-digests: iris-digests' });
const sums = (digits: number): string => plainObject('v1', 'ConfigMap', `data:\n  SHA256SUMS: |\n    ${'0'.repeat(digits)}  model.joblib`, { name: 'iris-digests' });

/** Models that are compared with what they must be. */
export const MODEL_VERIFICATION_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_MODEL_VERIFICATION', severity: 'error', title: 'Digests and signers of models can be used',
    why: 'A pod whose model cannot be verified never starts. Digests are SHA-256 as sha256sum writes them, signers public keys or certificates as PEM.',
    bad: documents(VERIFIED, sums(32)), good: documents(VERIFIED, sums(64)),
    check: verification,
  },
];
