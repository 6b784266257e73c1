import { didYouMean, type PodFields } from '../../api';
import type { LintContext } from '../context';
import type { LintObject } from '../lint-object';
import { documents, plainObject, rawService, service } from '../example';
import { listAt, mapAt, textAt } from '../read';
import type { Hit, Rule } from '../rule';
import type { Severity } from '../finding';
import { verificationFiles } from './model-verification';

/** A name in a manifest that stands for another object of its namespace. */
interface Reference {
  readonly on: LintObject;
  readonly path: string;
  readonly name: string;
  /** Key that must be in it. */
  readonly key?: string | undefined;
  readonly optional?: boolean;
}

/**
 * Names that lead nowhere. How sure that is hangs on what the folder holds: accounts beside it that lack one are an
 * error, accounts of other namespaces only make it likely, none at all say nothing of the cluster.
 */
function* missing(context: LintContext, kind: string, word: string, references: Iterable<Reference>): Generator<Hit> {
  const known = context.ofKind(kind);
  for (const { on, path, name, key, optional } of references) {
    if (optional || name === '') continue;
    const found = context.find(kind, on.namespace, name);
    if (!found) {
      const near = known.filter((o) => o.namespace === on.namespace).map((o) => o.object.metadata.name);
      const severity: Severity = near.length > 0 ? 'error' : known.length > 0 ? 'warning' : 'info';
      // What a whole folder leaves open is one note, however many services name it.
      const about = severity === 'info' ? { about: `${on.namespace}/${name}` } : {};
      yield { on, path, severity, ...about, message: `${word} "${name}" is not in namespace ${on.namespace} here`, hint: didYouMean(name, near) ?? `add the ${kind}, or make sure that the cluster has it` };
    } else if (key !== undefined && !keysOf(found).includes(key)) {
      yield { on, path, message: `${word} "${name}" has no key "${key}"; it has ${keysOf(found).join(', ') || 'none'}`, hint: didYouMean(key, keysOf(found)) };
    }
  }
}

function keysOf({ object }: LintObject): readonly string[] {
  return [...Object.keys(mapAt(object, 'data')), ...Object.keys(mapAt(object, 'stringData')), ...Object.keys(mapAt(object, 'binaryData'))];
}

function* accounts({ pods, services }: LintContext): Generator<Reference> {
  for (const { on, components } of services) {
    for (const { path, extension } of components) {
      const name = extension.logger?.storage?.serviceAccountName;
      if (name) yield { on, path: `${path}.logger.storage.serviceAccountName`, name };
    }
  }
  for (const { on, path, fields } of pods) {
    const name = fields.serviceAccountName;
    // Every namespace has the account "default".
    if (name && name !== 'default') yield { on, path: `${path}.serviceAccountName`, name };
  }
}

function* secrets(context: LintContext): Generator<Reference> {
  yield* podReferences(context, 'secret');
  for (const { on, path, fields } of context.pods) {
    for (const [i, secret] of (fields.imagePullSecrets ?? []).entries()) if (secret.name) yield { on, path: `${path}.imagePullSecrets[${i}].name`, name: secret.name };
  }
  for (const on of context.objects.filter((o) => o.usable && o.object.kind === 'ServiceAccount')) {
    for (const list of ['secrets', 'imagePullSecrets']) {
      for (const [i, entry] of listAt(on.object, list).entries()) yield { on, path: `${list}[${i}].name`, name: textAt(entry, 'name') ?? '' };
    }
  }
}

function* configMaps(context: LintContext): Generator<Reference> {
  yield* podReferences(context, 'configMap');
  yield* verificationFiles(context);
}

/** Environment and volumes name secrets and config maps in the same three ways. */
function* podReferences({ pods }: LintContext, what: 'secret' | 'configMap'): Generator<Reference> {
  for (const { on, path, fields, containers } of pods) {
    yield* volumeReferences(on, path, fields, what);
    for (const { container, path: at } of containers) {
      for (const [i, entry] of (container.env ?? []).entries()) {
        const ref = mapAt(entry.valueFrom, `${what}KeyRef`);
        if (textAt(ref, 'name')) yield { on, path: `${at}.env[${i}].valueFrom.${what}KeyRef`, name: textAt(ref, 'name') ?? '', key: textAt(ref, 'key'), optional: ref['optional'] === true };
      }
      for (const [i, entry] of (container.envFrom ?? []).entries()) {
        const ref = mapAt(entry, `${what}Ref`);
        yield { on, path: `${at}.envFrom[${i}].${what}Ref.name`, name: textAt(ref, 'name') ?? '', optional: ref['optional'] === true };
      }
    }
  }
}

function* volumeReferences(on: LintObject, path: string, { volumes = [] }: PodFields, what: 'secret' | 'configMap'): Generator<Reference> {
  for (const [i, volume] of volumes.entries()) {
    const source = mapAt(volume, what);
    const field = what === 'secret' ? 'secretName' : 'name';
    const at = `${path}.volumes[${i}].${what}`;
    const name = textAt(source, field) ?? '';
    const optional = source['optional'] === true;
    if (listAt(source, 'items').length === 0) yield { on, path: `${at}.${field}`, name, optional };
    for (const [j, item] of listAt(source, 'items').entries()) yield { on, path: `${at}.items[${j}].key`, name, key: textAt(item, 'key'), optional };
  }
}

function* claims({ pods, services }: LintContext): Generator<Reference> {
  for (const { on, path, fields } of pods) {
    for (const [i, volume] of (fields.volumes ?? []).entries()) {
      yield { on, path: `${path}.volumes[${i}].persistentVolumeClaim.claimName`, name: textAt(volume, 'persistentVolumeClaim', 'claimName') ?? '' };
    }
  }
  for (const { on, service: { spec }, models } of services) {
    for (const { model, path } of models) if (model.storageUri) yield { on, path: `${path}.storageUri`, name: claimOf(model.storageUri) };
    for (const [i, source] of (spec.predictor.storageUris ?? []).entries()) yield { on, path: `spec.predictor.storageUris[${i}].uri`, name: claimOf(source.uri) };
  }
}

/** The claim of a `pvc://claim/folder` address; empty for other addresses. */
export function claimOf(uri: string): string {
  return uri.startsWith('pvc://') ? (uri.slice('pvc://'.length).split('/')[0] ?? '') : '';
}

const WITH_ACCOUNT = rawService(`
  predictor:
    serviceAccountName: models
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`);
const ON_CLAIM = service(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: pvc://iris-models/v1
`);
const CLAIM = plainObject('v1', 'PersistentVolumeClaim', 'spec:\n  accessModes: [ReadOnlyMany]', { name: 'iris-models' });

function withEnv(kind: 'secret' | 'configMap'): string {
  return rawService(`
    predictor:
      containers:
        - name: kserve-container
          image: registry.example.com/server:1.0
          env: [{ name: TOKEN, valueFrom: { ${kind}KeyRef: { name: access, key: token } } }]
  `);
}

/** Objects that a manifest names. */
export const REFERENCE_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_ACCOUNT_MISSING', severity: 'error', title: 'Service accounts exist',
    why: 'Pods of an account that does not exist are not created. An error where the namespace has other accounts here, a note where the folder has none at all.',
    bad: documents(WITH_ACCOUNT, plainObject('v1', 'ServiceAccount', '', { name: 'model' })), good: documents(WITH_ACCOUNT, plainObject('v1', 'ServiceAccount', '', { name: 'models' })),
    check: (context) => missing(context, 'ServiceAccount', 'service account', accounts(context)),
  },
  {
    code: 'ISVC_LINT_SECRET_MISSING', severity: 'error', title: 'Secrets and their keys exist',
    why: 'A pod waits for ever with CreateContainerConfigError when a secret or key that it reads is not there.',
    bad: documents(withEnv('secret'), plainObject('v1', 'Secret', 'stringData: { tokens: not-a-real-one }', { name: 'access' })),
    good: documents(withEnv('secret'), plainObject('v1', 'Secret', 'stringData: { token: not-a-real-one }', { name: 'access' })),
    check: (context) => missing(context, 'Secret', 'secret', secrets(context)),
  },
  {
    code: 'ISVC_LINT_CONFIGMAP_MISSING', severity: 'error', title: 'Config maps and their keys exist',
    why: 'A pod waits for ever with CreateContainerConfigError when a config map or key that it reads is not there.',
    bad: documents(withEnv('configMap'), plainObject('v1', 'ConfigMap', 'data: { tokens: a }', { name: 'access' })),
    good: documents(withEnv('configMap'), plainObject('v1', 'ConfigMap', 'data: { token: a }', { name: 'access' })),
    check: (context) => missing(context, 'ConfigMap', 'config map', configMaps(context)),
  },
  {
    code: 'ISVC_LINT_CLAIM_MISSING', severity: 'error', title: 'Volume claims exist',
    why: 'A pod stays Pending for ever when its claim is not in its namespace. An error where the namespace has other claims here, a note where the folder has none at all.',
    bad: documents(ON_CLAIM.replace('iris-models/v1', 'iris-model/v1'), CLAIM), good: documents(ON_CLAIM, CLAIM),
    check: (context) => missing(context, 'PersistentVolumeClaim', 'claim', claims(context)),
  },
];
