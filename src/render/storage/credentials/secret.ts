import type { CredentialsConfig } from '../../../api';
import type { SecretFacts } from '../../types';
import { azureCredentials } from './azure';
import { NO_CREDENTIALS, fromSecret, type Credentials } from './credentials';
import { s3Credentials } from './s3';

const GCS_VOLUME = 'user-gcp-sa';
const GCS_DIR = '/var/secrets/';
const HDFS_VOLUME = 'hdfs-secrets';
const HDFS_DIR = '/var/secrets/kserve-hdfscreds';
const AZURE_KEYS = ['AZ_CLIENT_ID', 'AZURE_CLIENT_ID', 'AZURE_ACCESS_TOKEN'];

/** Whether a secret holds headers for a web server. There may be several, each for another host. */
export function isForWebServer(secret: SecretFacts, config: CredentialsConfig): boolean {
  return secretCredentials(secret, config)?.env.some(({ name }) => name === 'HTTPS_HOST') ?? false;
}

/**
 * What a secret is for, told by its keys; undefined when it is not for storage.
 *
 * @param webServer the how manieth secret for a web server it would be, from 1: each needs variables of its own.
 */
export function secretCredentials(secret: SecretFacts, config: CredentialsConfig, webServer = 1): Credentials | undefined {
  const has = (key: string): boolean => secret.keys.includes(key);
  const variables = (...names: readonly string[]): Credentials => ({ ...NO_CREDENTIALS, env: names.map((name) => fromSecret(name, secret.name, name)) });
  const file = config.gcs.gcsCredentialFileName;
  if (has(config.s3.s3SecretAccessKeyName || 'awsSecretAccessKey')) return { ...NO_CREDENTIALS, env: s3Credentials(secret, config.s3) };
  if (has(file)) {
    return {
      ...NO_CREDENTIALS,
      env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: `${GCS_DIR}${file}` }],
      mounts: [{ name: GCS_VOLUME, mountPath: GCS_DIR, readOnly: true }],
      volumes: [{ name: GCS_VOLUME, secret: { secretName: secret.name } }],
    };
  }
  if (AZURE_KEYS.some(has)) return { ...NO_CREDENTIALS, env: azureCredentials(secret) };
  if (has('AZURE_STORAGE_ACCESS_KEY')) return variables('AZURE_STORAGE_ACCESS_KEY');
  // KServe differs: upstream writes the header values into the pod in clear; a reference keeps them in the secret.
  if (has('https-host')) {
    const number = webServer === 1 ? '' : `_${webServer}`;
    return { ...NO_CREDENTIALS, env: [fromSecret(`HTTPS_HOST${number}`, secret.name, 'https-host'), ...(has('headers') ? [fromSecret(`HTTPS_HEADERS${number}`, secret.name, 'headers')] : [])] };
  }
  if (has('HDFS_NAMENODE')) {
    return { ...NO_CREDENTIALS, mounts: [{ name: HDFS_VOLUME, mountPath: HDFS_DIR, readOnly: true }], volumes: [{ name: HDFS_VOLUME, secret: { secretName: secret.name } }] };
  }
  if (has('HF_TOKEN')) return variables('HF_TOKEN');
  if (has('MODELSCOPE_API_TOKEN')) return variables('MODELSCOPE_API_TOKEN');
  return undefined;
}
