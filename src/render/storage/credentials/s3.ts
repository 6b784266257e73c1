import type { EnvVar, S3Config, StringMap } from '../../../api';
import type { SecretFacts } from '../../types';
import { fromSecret } from './credentials';

interface S3Option {
  readonly env: string;
  readonly annotation: string;
  readonly key: string;
  readonly config: keyof S3Config;
}

/** Options in the order in which KServe emits them, after the endpoint. The misspelt variable is KServe's. */
const OPTIONS: readonly S3Option[] = [
  { env: 'S3_VERIFY_SSL', annotation: 's3-verifyssl', key: 'S3_VERIFY_SSL', config: 's3VerifySSL' },
  { env: 'awsAnonymousCredential', annotation: 's3-useanoncredential', key: 'awsAnonymousCredential', config: 's3UseAnonymousCredential' },
  { env: 'AWS_DEFAULT_REGION', annotation: 's3-region', key: 'AWS_DEFAULT_REGION', config: 's3Region' },
  { env: 'S3_USER_VIRTUAL_BUCKET', annotation: 's3-usevirtualbucket', key: 'S3_USER_VIRTUAL_BUCKET', config: 's3UseVirtualBucket' },
  { env: 'S3_USE_ACCELERATE', annotation: 's3-useaccelerate', key: 'S3_USE_ACCELERATE', config: 's3UseAccelerate' },
  { env: 'AWS_CA_BUNDLE', annotation: 's3-cabundle', key: 'AWS_CA_BUNDLE', config: 's3CABundle' },
  { env: 'AWS_CA_BUNDLE_CONFIGMAP', annotation: 's3-cabundle-configmap', key: 'AWS_CA_BUNDLE_CONFIGMAP', config: 's3CABundleConfigMap' },
];

/** The pair of keys, then the options of the server. */
export function s3Credentials(secret: SecretFacts, config: S3Config): readonly EnvVar[] {
  return [
    fromSecret('AWS_ACCESS_KEY_ID', secret.name, config.s3AccessKeyIDName || 'awsAccessKeyID'),
    fromSecret('AWS_SECRET_ACCESS_KEY', secret.name, config.s3SecretAccessKeyName || 'awsSecretAccessKey'),
    ...s3Options(secret.annotations, secret, config),
  ];
}

/** Options of an S3 server: an annotation of the secret or account, else a key of the secret, else the platform's. */
export function s3Options(annotations: StringMap, secret: SecretFacts | undefined, config: S3Config): readonly EnvVar[] {
  const option = ({ env, annotation, key, config: field }: S3Option): readonly EnvVar[] => {
    const value = annotations[`serving.kserve.io/${annotation}`];
    if (value) return [{ name: env, value }];
    if (secret?.keys.includes(key)) return [fromSecret(env, secret.name, key)];
    return config[field] ? [{ name: env, value: config[field] }] : [];
  };
  return [...endpoint(annotations, secret, config), ...OPTIONS.flatMap(option)];
}

function endpoint(annotations: StringMap, secret: SecretFacts | undefined, config: S3Config): readonly EnvVar[] {
  const useHttps = annotations['serving.kserve.io/s3-usehttps'] ?? '';
  const annotated = annotations['serving.kserve.io/s3-endpoint'] ?? '';
  if (!annotated && secret?.keys.includes('S3_ENDPOINT')) {
    const https = useHttps ? { name: 'S3_USE_HTTPS', value: useHttps } : secret.keys.includes('S3_USE_HTTPS') ? fromSecret('S3_USE_HTTPS', secret.name, 'S3_USE_HTTPS') : undefined;
    // The scheme cannot be told from here: the fetcher joins the two.
    return [...(https ? [https] : []), fromSecret('S3_ENDPOINT', secret.name, 'S3_ENDPOINT')];
  }
  const given = annotated || config.s3Endpoint;
  if (!given) return useHttps || config.s3UseHttps ? [{ name: 'S3_USE_HTTPS', value: useHttps || config.s3UseHttps }] : [];
  const [, scheme, host] = /^(?:(https?):\/\/)?(.*)$/.exec(given) ?? [];
  const https = scheme ? (scheme === 'https' ? '1' : '0') : useHttps || config.s3UseHttps;
  return [
    ...(https ? [{ name: 'S3_USE_HTTPS', value: https }] : []),
    { name: 'S3_ENDPOINT', value: host ?? given },
    { name: 'AWS_ENDPOINT_URL', value: `${https === '0' ? 'http' : 'https'}://${host ?? given}` },
  ];
}
