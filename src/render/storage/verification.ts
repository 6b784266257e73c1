import { ANNOTATION, TerminalError, parseModelVerification, type ConfigMapKey, type StringMap, type Volume, type VolumeMount } from '../../api';
import type { Decision } from '../types';

const FOLDER = '/mnt/model-verification';

/** What makes a fetcher compare the model before it appears. */
export interface RenderedVerification {
  /**
   * Arguments rather than variables: a fetcher that knows nothing of them, such as KServe's, fails instead of serving
   * what nobody has looked at.
   */
  readonly args: readonly string[];
  readonly mounts: readonly VolumeMount[];
  readonly volumes: readonly Volume[];
  readonly decisions: readonly Decision[];
}

/**
 * The annotations of a service or component as options of the fetcher. KServe differs: it has no such thing.
 *
 * @param models how many models one fetcher brings.
 * @throws TerminalError ISVC_API_INVALID_VALUE for an annotation that cannot be used.
 */
export function renderVerification(annotations: StringMap, models: number): RenderedVerification {
  const { digests, signers, signature } = verificationAsked(annotations);
  const single = digests ? ANNOTATION.modelDigests : typeof signature === 'object' ? ANNOTATION.modelSignature : undefined;
  if (models > 1 && single !== undefined) throw invalid(single, `is of one model, but ${models} are fetched together`, `put a signature into each model and name the signers with ${ANNOTATION.modelSigners}`);
  const files = [
    ...(digests ? [fileOf('digests', digests)] : []),
    ...(signers ? [fileOf('signers', signers)] : []),
    ...(typeof signature === 'object' ? [fileOf('signature', signature)] : []),
  ];
  return {
    args: [...files.map(({ arg }) => arg), ...(typeof signature === 'string' ? [`--signature=${signature}`] : [])],
    mounts: files.map(({ mount }) => mount),
    volumes: files.map(({ volume }) => volume),
    decisions: [
      ...(digests ? [decision(`compare with the digests of ConfigMap ${digests.name}`, ANNOTATION.modelDigests)] : []),
      ...(signers ? [decision(`require a signature of a signer in ConfigMap ${signers.name}`, ANNOTATION.modelSigners)] : []),
    ],
  };
}

/**
 * A model that is mounted does not pass through a fetcher, so nobody would look at it.
 *
 * @throws TerminalError ISVC_RENDER_STORAGE where verification is asked for.
 */
export function assertNothingToVerify(annotations: StringMap, uri: string, path: string, hint: string): void {
  const { digests, signers } = verificationAsked(annotations);
  const annotation = digests ? ANNOTATION.modelDigests : signers ? ANNOTATION.modelSigners : undefined;
  if (annotation !== undefined) throw new TerminalError('ISVC_RENDER_STORAGE', `"${uri}" is mounted, not fetched, so annotation ${annotation} cannot be kept`, { path, hint });
}

function verificationAsked(annotations: StringMap): ReturnType<typeof parseModelVerification>['asked'] {
  const { asked, problems: [problem] } = parseModelVerification(annotations);
  if (problem) throw invalid(problem.annotation, problem.message, problem.hint);
  return asked;
}

function fileOf(what: 'digests' | 'signers' | 'signature', { name, key }: ConfigMapKey): { readonly arg: string; readonly mount: VolumeMount; readonly volume: Volume } {
  const volume = `model-verification-${what}`;
  const mountPath = `${FOLDER}/${what}`;
  return {
    arg: `--${what}=${mountPath}/${key}`,
    mount: { name: volume, mountPath, readOnly: true },
    volume: { name: volume, configMap: { name, items: [{ key, path: key }] } },
  };
}

function decision(choice: string, annotation: string): Decision {
  return { topic: 'storage', choice, because: `annotation ${annotation} asks for it` };
}

function invalid(annotation: string, message: string, hint: string): TerminalError {
  return new TerminalError('ISVC_API_INVALID_VALUE', message, { path: `metadata.annotations["${annotation}"]`, hint });
}
