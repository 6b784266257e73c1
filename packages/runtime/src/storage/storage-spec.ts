import { IsvcError } from 'cdk8s-kserve/api';

export interface ResolvedSource {
  readonly uri: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What stands for the scheme of an address whose type only the storage secret knows. */
const PLACEHOLDER = '<scheme-placeholder>://';
const NEEDS_BUCKET = new Set(['s3', 'gs']);

/** Which variable each key of an S3 entry stands for. */
const S3_VARIABLES: Readonly<Record<string, string>> = {
  endpoint_url: 'AWS_ENDPOINT_URL',
  access_key_id: 'AWS_ACCESS_KEY_ID',
  secret_access_key: 'AWS_SECRET_ACCESS_KEY',
  session_token: 'AWS_SESSION_TOKEN',
  region: 'AWS_DEFAULT_REGION',
  ca_bundle: 'AWS_CA_BUNDLE',
  verify_ssl: 'S3_VERIFY_SSL',
  anonymous: 'awsAnonymousCredential',
};

/**
 * Applies `STORAGE_CONFIG` (an entry of the storage secret) and `STORAGE_OVERRIDE_CONFIG` (parameters of the resource, which
 * win): completes the address by type and bucket and gives the credentials to the variables that the sources read.
 *
 * KServe differs: it writes HDFS credentials to files; here nothing secret is written.
 *
 * @throws IsvcError ISVC_FETCH_CONFIG
 */
export function resolveStorageSpec(uri: string, env: NodeJS.ProcessEnv): ResolvedSource {
  const spec = { ...parse('STORAGE_CONFIG', env), ...parse('STORAGE_OVERRIDE_CONFIG', env) };
  const isPlaceholder = uri.startsWith(PLACEHOLDER);
  const type = spec['type'];
  if (Object.keys(spec).length === 0 || type === undefined) {
    if (!isPlaceholder) return { uri, env };
    throw new IsvcError('ISVC_FETCH_CONFIG', 'neither STORAGE_CONFIG nor STORAGE_OVERRIDE_CONFIG names a type', { path: uri, hint: 'add "type": "s3" to the entry of the storage secret or to storage.parameters' });
  }
  return { uri: isPlaceholder ? complete(uri, type, spec['bucket']) : uri, env: { ...env, ...variablesOf(type, spec) } };
}

function complete(uri: string, type: string, bucket: string | undefined): string {
  const path = uri.slice(PLACEHOLDER.length).replace(/^\/+/, '');
  if (!NEEDS_BUCKET.has(type)) return `${type}://${path}`;
  if (bucket) return `${type}://${bucket}/${path}`;
  throw new IsvcError('ISVC_FETCH_CONFIG', `type "${type}" needs a bucket and the storage secret names none`, { path: uri, hint: 'add "bucket" to the entry or to storage.parameters' });
}

function variablesOf(type: string, spec: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(spec).filter(([name]) => name !== 'type' && name !== 'bucket');
  if (type === 's3') return Object.fromEntries(entries.flatMap(([name, value]) => (S3_VARIABLES[name] && value !== '' ? [[S3_VARIABLES[name], value]] : [])));
  if (type === 'hdfs' || type === 'webhdfs') return Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), value]));
  return {};
}

function parse(name: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const text = env[name];
  if (!text) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not with the message of the parser: it quotes the text, which holds secrets.
    throw new IsvcError('ISVC_FETCH_CONFIG', `${name} is not JSON`, { hint: 'correct the entry of the storage secret' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new IsvcError('ISVC_FETCH_CONFIG', `${name} must be a JSON object`, { hint: 'correct the entry of the storage secret' });
  }
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null).map(([k, v]) => [k, typeof v === 'string' ? v : JSON.stringify(v)]));
}
