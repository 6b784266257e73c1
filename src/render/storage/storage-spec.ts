import { TerminalError, type EnvVar, type StorageSpec } from '../../api';
import { stableJson } from '../stable-json';
import type { Decision } from '../types';
import type { Credentials } from './credentials/credentials';
import type { StorageContext, StorageRequest } from './request';

/** What stands for the scheme until the fetcher has read it from the storage secret; KServe's spelling. */
export const SCHEME_PLACEHOLDER = '<scheme-placeholder>';
const NEEDS_BUCKET = new Set(['s3', 'gs']);

export interface SpecSource {
  readonly uri: string;
  readonly env: Credentials;
  readonly decision: Decision;
}

/**
 * The address and the credentials of a `storage` block: an entry of the namespace's storage secret, with parameters over
 * it.
 *
 * KServe differs: values of secrets are never read here, so type and bucket that only the secret knows are completed by
 * the fetcher, which has it in its environment.
 */
export function sourceOfSpec(request: StorageRequest, spec: StorageSpec, context: StorageContext): SpecSource {
  const { credentials } = context.world.config;
  const secretName = context.annotations[credentials.storageSecretNameAnnotation] ?? credentials.storageSpecSecretName;
  const key = entryOf(spec, secretName, request, context);
  const parameters = spec.parameters ?? {};
  const env: readonly EnvVar[] = [
    ...(key === undefined ? [] : [{ name: 'STORAGE_CONFIG', valueFrom: { secretKeyRef: { name: secretName, key } } }]),
    ...(Object.keys(parameters).length > 0 ? [{ name: 'STORAGE_OVERRIDE_CONFIG', value: stableJson(parameters) }] : []),
  ];
  const uri = request.uri ?? addressOf(spec, parameters, request.path);
  return {
    uri,
    env: { env, mounts: [], volumes: [], decisions: [] },
    decision: {
      topic: 'credentials',
      choice: key === undefined ? 'no entry of a storage secret' : `entry ${key} of secret ${secretName}`,
      because: spec.key === undefined ? 'storage.key is not set' : 'storage.key names it',
    },
  };
}

function addressOf(spec: StorageSpec, parameters: Readonly<Record<string, string>>, path: string): string {
  const { type, bucket } = parameters;
  const folder = (spec.path ?? '').replace(/^\/+/, '');
  if (type === undefined) return `${SCHEME_PLACEHOLDER}://${folder}`;
  if (!NEEDS_BUCKET.has(type)) return `${type}://${folder}`;
  if (!bucket) throw new TerminalError('ISVC_RENDER_STORAGE', `type "${type}" needs a bucket`, { path: `${path}.storage.parameters`, hint: 'add bucket' });
  return `${type}://${bucket}/${folder}`;
}

/** Which entry of the secret holds the credentials; the default one is optional, a named one is not. */
function entryOf(spec: StorageSpec, secretName: string, request: StorageRequest, context: StorageContext): string | undefined {
  const secret = context.world.secrets?.find((s) => s.namespace === context.namespace && s.name === secretName);
  if (spec.key !== undefined) {
    if (context.world.secrets && !secret?.keys.includes(spec.key)) {
      const what = secret ? `has no entry "${spec.key}" (it has ${secret.keys.join(', ') || 'none'})` : 'does not exist in the namespace';
      throw new TerminalError('ISVC_RENDER_STORAGE', `secret "${secretName}" ${what}`, { path: `${request.path}.storage.key`, hint: 'add the entry, or name one that is there' });
    }
    return spec.key;
  }
  const type = spec.parameters?.['type'];
  return ['default', ...(type ? [`default_${type}`] : [])].find((name) => secret?.keys.includes(name));
}
