import { IsvcError } from 'cdk8s-kserve/api';

export interface S3Settings {
  readonly region: string;
  /** Origin and path of an own endpoint; `undefined` for AWS itself. */
  readonly endpoint: URL | undefined;
  /** Bucket in the host name in place of the path. */
  readonly virtualHost: boolean;
  readonly accelerate: boolean;
  readonly verify: boolean;
  readonly anonymous: boolean;
  readonly caBundle: string | undefined;
  readonly requesterPays: boolean;
}

const TRUE = ['1', 'true', 'yes', 'on'];
const FALSE = ['0', 'false', 'no', 'off'];

/**
 * Reads what KServe puts into the environment for S3.
 *
 * @throws IsvcError ISVC_FETCH_CONFIG for an endpoint that is no address.
 */
export function parseS3Settings(env: NodeJS.ProcessEnv): S3Settings {
  const region = env['AWS_DEFAULT_REGION'] || env['AWS_REGION'];
  const endpoint = endpointOf(env, region);
  return {
    region: region || 'us-east-1',
    endpoint,
    // Own servers rarely have a host name for each bucket; AWS has.
    virtualHost: flag(env['S3_USER_VIRTUAL_BUCKET'] ?? env['S3_USE_VIRTUAL_BUCKET'], endpoint === undefined),
    accelerate: flag(env['S3_USE_ACCELERATE'], false),
    verify: flag(env['S3_VERIFY_SSL'], true),
    anonymous: flag(env['awsAnonymousCredential'], false),
    caBundle: env['AWS_CA_BUNDLE'] || undefined,
    requesterPays: flag(env['S3_REQUESTER_PAYS'], false),
  };
}

function endpointOf(env: NodeJS.ProcessEnv, region: string | undefined): URL | undefined {
  const bare = env['S3_ENDPOINT'];
  const text = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || (bare ? (bare.includes('://') ? bare : `${flag(env['S3_USE_HTTPS'], true) ? 'https' : 'http'}://${bare}`) : undefined);
  if (!text) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new IsvcError('ISVC_FETCH_CONFIG', `AWS_ENDPOINT_URL must be an http or https address, got "${text.replace(/\/\/.*@/, '//***@')}"`, { hint: 'correct the annotation serving.kserve.io/s3-endpoint, such as s3.example.com:9000' });
  }
  const url = new URL(text);
  // The global endpoint serves one region only; with a region set, KServe means that region's.
  return url.hostname === 's3.amazonaws.com' && region ? undefined : url;
}

function flag(text: string | undefined, fallback: boolean): boolean {
  const value = text?.trim().toLowerCase() ?? '';
  return TRUE.includes(value) || (!FALSE.includes(value) && fallback);
}
