import { platformConfig, type EnvVar } from '../../../../src/api';
import { worldOf, type SecretFacts } from '../../../../src/render';
import { accountCredentials } from '../../../../src/render/storage/credentials/account';
import { s3Options } from '../../../../src/render/storage/credentials/s3';
import { secretCredentials } from '../../../../src/render/storage/credentials/secret';

const config = platformConfig().credentials;
const secret = (keys: readonly string[], annotations: Record<string, string> = {}): SecretFacts => ({ namespace: 'ns', name: 'store', annotations, keys });
const names = (env: readonly EnvVar[]): readonly string[] => env.map((e) => e.name);

describe('secretCredentials', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['S3', ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'], ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']],
    ['Google', ['gcloud-application-credentials.json'], ['GOOGLE_APPLICATION_CREDENTIALS']],
    ['Azure, as a principal', ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID'], ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID']],
    ['Azure, with older keys', ['AZ_CLIENT_ID', 'AZ_TENANT_ID'], ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID']],
    ['Azure, by access key', ['AZURE_STORAGE_ACCESS_KEY'], ['AZURE_STORAGE_ACCESS_KEY']],
    ['a web server', ['https-host', 'headers'], ['HTTPS_HOST', 'HTTPS_HEADERS']],
    ['Hugging Face', ['HF_TOKEN'], ['HF_TOKEN']],
    ['ModelScope', ['MODELSCOPE_API_TOKEN'], ['MODELSCOPE_API_TOKEN']],
    ['HDFS', ['HDFS_NAMENODE'], []],
  ])('tells a secret for %s by its keys', (_what, keys, env) => expect(names(secretCredentials(secret(keys), config)?.env ?? [])).toEqual(env));

  it('passes over secrets that are not for storage', () => expect(secretCredentials(secret(['.dockerconfigjson']), config)).toBeUndefined());

  it('never writes a value, only references', () => {
    for (const keys of [['AWS_SECRET_ACCESS_KEY'], ['HF_TOKEN'], ['AZURE_CLIENT_ID'], ['https-host', 'headers']]) {
      for (const env of secretCredentials(secret(keys), config)?.env ?? []) expect(env).toEqual({ name: env.name, valueFrom: { secretKeyRef: { name: 'store', key: expect.any(String) as string } } });
    }
  });
});

describe('s3Options', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['a host alone is https', { 's3-endpoint': 'minio:9000' }, { S3_ENDPOINT: 'minio:9000', AWS_ENDPOINT_URL: 'https://minio:9000' }],
    ['usehttps 0 is http', { 's3-endpoint': 'minio:9000', 's3-usehttps': '0' }, { S3_USE_HTTPS: '0', S3_ENDPOINT: 'minio:9000', AWS_ENDPOINT_URL: 'http://minio:9000' }],
    ['a scheme counts more than usehttps', { 's3-endpoint': 'http://minio:9000', 's3-usehttps': '1' }, { S3_USE_HTTPS: '0', S3_ENDPOINT: 'minio:9000', AWS_ENDPOINT_URL: 'http://minio:9000' }],
    ['a region', { 's3-region': 'eu-1' }, { AWS_DEFAULT_REGION: 'eu-1' }],
    ['nothing', {}, {}],
  ])('%s', (_what, annotations, expected) => {
    const prefixed = Object.fromEntries(Object.entries(annotations).map(([k, v]) => [`serving.kserve.io/${k}`, v]));
    expect(Object.fromEntries(s3Options(prefixed, undefined, config.s3).map((e) => [e.name, e.value]))).toEqual(expected);
  });

  it('prefers an annotation to a key of the secret to the platform', () => {
    const s3 = { ...config.s3, s3Region: 'platform' };
    const region = (annotations: Record<string, string>, keys: readonly string[]): EnvVar | undefined => s3Options(annotations, secret(keys), s3).find((e) => e.name === 'AWS_DEFAULT_REGION');
    expect(region({ 'serving.kserve.io/s3-region': 'annotated' }, ['AWS_DEFAULT_REGION'])?.value).toBe('annotated');
    expect(region({}, ['AWS_DEFAULT_REGION'])?.valueFrom).toEqual({ secretKeyRef: { name: 'store', key: 'AWS_DEFAULT_REGION' } });
    expect(region({}, [])?.value).toBe('platform');
  });
});

describe('accountCredentials', () => {
  const world = worldOf({
    serviceAccounts: [{ namespace: 'ns', name: 'trainer', annotations: { 'eks.amazonaws.com/role-arn': 'arn', 'serving.kserve.io/s3-region': 'eu-1' }, secrets: ['store', 'pull'] }],
    secrets: [secret(['HF_TOKEN']), { ...secret(['.dockerconfigjson']), name: 'pull' }, { ...secret(['AWS_SECRET_ACCESS_KEY']), name: 'other' }],
  });
  const context = { namespace: 'ns', annotations: {}, world, path: 'spec.predictor' };

  it('joins the role and the secrets of an account', () => expect(names(accountCredentials('trainer', context).env)).toEqual(['AWS_DEFAULT_REGION', 'HF_TOKEN']));

  it('uses the one secret that an annotation names', () => {
    const annotations = { 'serving.kserve.io/storageSecretName': 'other' };
    expect(names(accountCredentials('nobody', { ...context, annotations }).env)).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  });

  it('knows nothing of accounts that nobody looked for', () => expect(accountCredentials('trainer', { ...context, world: worldOf() }).env).toEqual([]));

  it('names a listed secret that does not exist', () => {
    const lacking = { ...world, secrets: [] };
    expect(() => accountCredentials('trainer', { ...context, world: lacking })).toThrow('service account "trainer" names secret "store", which does not exist in namespace "ns"');
  });

  it('gives each secret for a web server variables of its own', () => {
    const web = (name: string): SecretFacts => ({ ...secret(['https-host', 'headers']), name });
    const both = worldOf({ serviceAccounts: [{ namespace: 'ns', name: 'web', annotations: {}, secrets: ['one', 'two'] }], secrets: [web('one'), web('two')] });
    const { env } = accountCredentials('web', { ...context, world: both });
    expect(env.map(({ name, valueFrom }) => [name, valueFrom && 'secretKeyRef' in valueFrom ? (valueFrom.secretKeyRef as { readonly name: string }).name : undefined])).toEqual([['HTTPS_HOST', 'one'], ['HTTPS_HEADERS', 'one'], ['HTTPS_HOST_2', 'two'], ['HTTPS_HEADERS_2', 'two']]);
  });
});
