import type { StringMap } from '../k8s/pod';
import { ANNOTATION } from '../keys';

/** One key of a ConfigMap in the service's namespace. */
export interface ConfigMapKey {
  readonly name: string;
  readonly key: string;
}

/** What the annotations of a service or component say of its model. */
export interface ModelVerification {
  /** SHA-256 digests, as sha256sum writes them. */
  readonly digests?: ConfigMapKey;
  /** PEM; with it the model must be signed. */
  readonly signers?: ConfigMapKey;
  /** A path in the model, or where else the signature is. @default model.sig */
  readonly signature?: string | ConfigMapKey;
}

export interface AnnotationProblem {
  readonly annotation: string;
  readonly message: string;
  readonly hint: string;
}

const OBJECT_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const KEY = /^[A-Za-z0-9._-]{1,253}$/;
const CONFIG_MAP = 'configmap://';

/** Reads the annotations; an empty one counts as none, so that a component can opt out. Never throws. */
export function parseModelVerification(annotations: StringMap): { readonly asked: ModelVerification; readonly problems: readonly AnnotationProblem[] } {
  const problems: AnnotationProblem[] = [];
  const read = (annotation: string, fallback: string): ConfigMapKey | undefined => {
    const value = annotations[annotation];
    if (!value) return undefined;
    const found = configMapKey(value, fallback);
    if (!found) problems.push({ annotation, message: `must read CONFIGMAP or CONFIGMAP/KEY, got "${value}"`, hint: `name a ConfigMap of the service's namespace; without a key, "${fallback}" is read` });
    return found;
  };
  const digests = read(ANNOTATION.modelDigests, 'SHA256SUMS');
  const signers = read(ANNOTATION.modelSigners, 'signers.pem');
  const signature = readSignature(annotations, signers !== undefined || Boolean(annotations[ANNOTATION.modelSigners]), problems);
  return { asked: { ...(digests ? { digests } : {}), ...(signers ? { signers } : {}), ...(signature !== undefined ? { signature } : {}) }, problems };
}

function readSignature(annotations: StringMap, signed: boolean, problems: AnnotationProblem[]): string | ConfigMapKey | undefined {
  const annotation = ANNOTATION.modelSignature;
  const value = annotations[annotation];
  if (!value) return undefined;
  if (!signed) problems.push({ annotation, message: `has no effect without ${ANNOTATION.modelSigners}`, hint: 'name the ConfigMap with the public keys or certificates of the signers' });
  const found = value.startsWith(CONFIG_MAP) ? configMapKey(value.slice(CONFIG_MAP.length), 'model.sig') : isPathBelow(value) ? value : undefined;
  if (found === undefined) problems.push({ annotation, message: `must be a path in the model or ${CONFIG_MAP}NAME/KEY, got "${value}"`, hint: 'write model.sig, or configmap://iris-signature/model.sig' });
  return found;
}

function configMapKey(value: string, fallback: string): ConfigMapKey | undefined {
  const [name = '', key = fallback, ...more] = value.split('/');
  return more.length === 0 && OBJECT_NAME.test(name) && KEY.test(key) ? { name, key } : undefined;
}

function isPathBelow(path: string): boolean {
  return !/^\/|:\/\//.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
