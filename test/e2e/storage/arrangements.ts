import type { KubeObject } from 'cdk8s-kserve/api';
import { SECRETS } from '../../../packages/runtime/test/storage/support/fake-stores';
import { azureWithPrincipal, CA, GOOGLE_KEY, googleBehindProxy, S3_KEYS, s3, secureS3, secureWeb, type Serve, store, web } from './stores';

/** One way to give a service its credentials that KServe documents. */
export interface Arrangement {
  readonly serve: Serve;
  /** Of `spec.predictor.model`: `storageUri` or `storage`. */
  readonly model: (origin: string) => object;
  /** Of `spec.predictor`. */
  readonly predictor?: object;
  /** Of the service. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Secrets, service accounts, ConfigMaps and storage containers of the namespace and the platform. */
  readonly objects: (origin: string) => readonly KubeObject[];
  /** Who the server has been asked by. */
  readonly seen: readonly string[];
}

const ACCOUNT = { serviceAccountName: 'ann' };
const KEYS = { AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey };
const S3_MODEL = { storageUri: 's3://models/iris' };
const hostOf = (origin: string): string => new URL(origin).host;

function secret(name: string, content: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>> = {}): KubeObject {
  const data = Object.fromEntries(Object.entries(content).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  const options = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`serving.kserve.io/${key}`, value]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, annotations: options }, data };
}

function account(...secrets: readonly string[]): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ann' }, secrets: secrets.map((name) => ({ name })) };
}

function platform(data: Readonly<Record<string, unknown>>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inferenceservice-config', namespace: 'kserve' }, data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, JSON.stringify(value)])) };
}

/** How a platform tells its fetcher what no secret says, such as where a store of its own is. */
function storageContainer(prefix: string, env: readonly object[]): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ClusterStorageContainer', metadata: { name: 'own' },
    spec: { container: { name: 'storage-initializer', image: 'kserve/storage-initializer:v0.20.0', env }, supportedUriFormats: [{ prefix }] },
  } as KubeObject;
}

const bundle = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { 'cabundle.crt': CA } });
const env = (values: Readonly<Record<string, string>>): readonly object[] => Object.entries(values).map(([name, value]) => ({ name, value }));

/** An arrangement of S3 keys in a secret that the service account lists. */
function s3Secret(content: Readonly<Record<string, string>>, annotations: (origin: string) => Readonly<Record<string, string>>, more: Partial<Arrangement> = {}): Arrangement {
  return {
    serve: s3(S3_KEYS), model: () => S3_MODEL, predictor: ACCOUNT, seen: ['key AKIAANN in us-east-1'],
    objects: (origin) => [account('store'), secret('store', content, annotations(origin))],
    ...more,
  };
}

const BLOB = { storageUri: 'https://acct.blob.core.windows.net/models/iris' };

export const ARRANGEMENTS: Readonly<Record<string, Arrangement>> = {
  's3: keys and annotations on the secret': s3Secret(KEYS, (origin) => ({ 's3-endpoint': hostOf(origin), 's3-usehttps': '0', 's3-region': 'eu-1', 's3-usevirtualbucket': '0' }), { seen: ['key AKIAANN in eu-1'] }),
  's3: an endpoint with its scheme': s3Secret(KEYS, (origin) => ({ 's3-endpoint': origin })),
  's3: the endpoint among the data of the secret': s3Secret(KEYS, () => ({}), { objects: (origin) => [account('store'), secret('store', { ...KEYS, S3_ENDPOINT: hostOf(origin), S3_USE_HTTPS: '0', AWS_DEFAULT_REGION: 'eu-2' })], seen: ['key AKIAANN in eu-2'] }),
  's3: names of keys and an endpoint that the platform sets': s3Secret({}, () => ({}), {
    objects: (origin) => [account('store'), secret('store', { id: S3_KEYS.accessKeyId, key: S3_KEYS.secretAccessKey }), platform({ credentials: { s3: { s3AccessKeyIDName: 'id', s3SecretAccessKeyName: 'key', s3Endpoint: hostOf(origin), s3UseHttps: '0', s3Region: 'eu-3' } } })],
    seen: ['key AKIAANN in eu-3'],
  }),
  's3: no credentials': s3Secret(KEYS, (origin) => ({ 's3-endpoint': origin, 's3-useanoncredential': 'true' }), { serve: s3(undefined), seen: ['nobody'] }),
  's3: the one secret that an annotation of the service names': s3Secret(KEYS, () => ({}), {
    annotations: { 'serving.kserve.io/storageSecretName': 'mine' },
    objects: (origin) => [account('other'), secret('other', { AWS_ACCESS_KEY_ID: 'OTHER', AWS_SECRET_ACCESS_KEY: 'other' }), secret('mine', KEYS, { 's3-endpoint': origin })],
  }),
  's3: a certificate from a ConfigMap that the secret names': s3Secret(KEYS, (origin) => ({ 's3-endpoint': origin, 's3-cabundle-configmap': 'store-ca' }), { serve: secureS3, objects: (origin) => [account('store'), secret('store', KEYS, { 's3-endpoint': origin, 's3-cabundle-configmap': 'store-ca' }), bundle('store-ca')] }),
  's3: a certificate that is not looked at': s3Secret(KEYS, (origin) => ({ 's3-endpoint': origin, 's3-verifyssl': '0' }), { serve: secureS3 }),
  's3: several addresses at once': s3Secret(KEYS, (origin) => ({ 's3-endpoint': origin }), {
    model: () => ({}), predictor: { ...ACCOUNT, storageUris: [{ uri: 's3://models/iris', mountPath: '/mnt/models/iris' }, { uri: 's3://models/iris/model.json', mountPath: '/mnt/models/one' }] },
  }),
  's3: an entry of the storage secret': {
    serve: s3(S3_KEYS), seen: ['key AKIAANN in eu-4'],
    model: () => ({ storage: { key: 'minio', path: 'iris', parameters: { type: 's3', bucket: 'models' } } }),
    objects: (origin) => [secret('storage-config', { minio: JSON.stringify({ type: 's3', endpoint_url: origin, access_key_id: S3_KEYS.accessKeyId, secret_access_key: S3_KEYS.secretAccessKey, region: 'eu-4' }) })],
  },
  's3: an entry that knows type and bucket': {
    serve: s3(S3_KEYS), seen: ['key AKIAANN in us-east-1'],
    model: () => ({ storage: { key: 'minio', path: 'iris' } }),
    objects: (origin) => [secret('storage-config', { minio: JSON.stringify({ type: 's3', bucket: 'models', endpoint_url: origin, access_key_id: S3_KEYS.accessKeyId, secret_access_key: S3_KEYS.secretAccessKey }) })],
  },
  's3: the default entry, with parameters over it': {
    serve: s3(S3_KEYS), seen: ['key AKIAANN in eu-5'],
    model: () => ({ storage: { path: 'iris', parameters: { type: 's3', bucket: 'models', region: 'eu-5' } } }),
    objects: (origin) => [secret('storage-config', { default_s3: JSON.stringify({ type: 's3', endpoint_url: origin, access_key_id: S3_KEYS.accessKeyId, secret_access_key: S3_KEYS.secretAccessKey, region: 'eu-4' }) })],
  },
  'gs: a key file, behind a proxy with a certificate of its own': {
    serve: googleBehindProxy, predictor: ACCOUNT, model: () => ({ storageUri: 'gs://models/iris' }),
    objects: (origin) => [
      account('google'), secret('google', { 'gcloud-application-credentials.json': JSON.stringify({ ...GOOGLE_KEY, token_uri: `${origin}/token` }) }),
      storageContainer('gs://', env({ HTTPS_PROXY: origin })), platform({ storageInitializer: { caBundleConfigMapName: 'company-ca' } }), bundle('company-ca'),
    ],
    seen: ['assertion of ann@project', 'storage.googleapis.com: token issued'],
  },
  'azure: a service principal': {
    serve: azureWithPrincipal, predictor: ACCOUNT, model: () => BLOB,
    objects: (origin) => [
      account('azure'), secret('azure', { AZURE_CLIENT_ID: 'ann', AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_SECRET: 'clients-secret', AZURE_SUBSCRIPTION_ID: 's', AZURE_SERVICE_URL: origin }),
      storageContainer('https://', env({ AZURE_AUTHORITY_HOST: origin })),
    ],
    seen: ['client ann with clients-secret of tenant', 'token issued'],
  },
  'azure: a service principal, in older words': {
    serve: azureWithPrincipal, predictor: ACCOUNT, model: () => BLOB,
    objects: (origin) => [
      account('azure'), secret('azure', { AZ_CLIENT_ID: 'ann', AZ_TENANT_ID: 'tenant', AZ_CLIENT_SECRET: 'clients-secret', AZ_SUBSCRIPTION_ID: 's', AZ_SERVICE_URL: origin }),
      storageContainer('https://', env({ AZURE_AUTHORITY_HOST: origin })),
    ],
    seen: ['client ann with clients-secret of tenant', 'token issued'],
  },
  'azure: an account key': {
    serve: store('azure'), predictor: ACCOUNT, model: () => BLOB, seen: ['key of account acct'],
    objects: (origin) => [account('azure'), secret('azure', { AZURE_STORAGE_ACCESS_KEY: SECRETS.azure }), storageContainer('https://', env({ AZURE_SERVICE_URL: origin }))],
  },
  'azure: an account key, for a file share': {
    serve: store('azure file'), predictor: ACCOUNT, model: () => ({ storageUri: 'https://acct.file.core.windows.net/models/iris' }), seen: ['key of account acct'],
    objects: (origin) => [account('azure'), secret('azure', { AZURE_STORAGE_ACCESS_KEY: SECRETS.azure }), storageContainer('https://', env({ AZURE_SERVICE_URL: origin }))],
  },
  'hf: a token': {
    serve: store('hf'), predictor: ACCOUNT, model: () => ({ storageUri: 'hf://org/iris:v1' }), seen: ['nobody', `token ${SECRETS.hf}`],
    objects: (origin) => [account('hub'), secret('hub', { HF_TOKEN: SECRETS.hf }), storageContainer('hf://', env({ HF_ENDPOINT: origin }))],
  },
  'https: headers for one host': {
    serve: web(['x-api-key', 'anns-key']), predictor: ACCOUNT, model: (origin) => ({ storageUri: `${origin}/model.json` }), seen: ['header anns-key'],
    objects: (origin) => [account('web'), secret('web', { 'https-host': hostOf(origin), headers: JSON.stringify({ 'x-api-key': 'anns-key' }) })],
  },
  'https: headers for several hosts': {
    serve: web(['authorization', 'Bearer second']), predictor: ACCOUNT, model: (origin) => ({ storageUri: `${origin}/model.json` }), seen: ['token second'],
    objects: (origin) => [account('first', 'second'), secret('first', { 'https-host': 'other.example', headers: '{"authorization":"Bearer first"}' }), secret('second', { 'https-host': hostOf(origin), headers: '{"authorization":"Bearer second"}' })],
  },
  'https: a CA bundle of the platform': {
    serve: secureWeb, model: (origin) => ({ storageUri: `${origin}/model.json` }), seen: [],
    objects: () => [platform({ storageInitializer: { caBundleConfigMapName: 'company-ca' } }), bundle('company-ca')],
  },
  'hdfs: a secret of files': {
    serve: store('webhdfs'), predictor: ACCOUNT, model: () => ({ storageUri: 'hdfs://iris' }), seen: [`delegation ${SECRETS.webhdfs}`],
    objects: (origin) => [account('hdfs'), secret('hdfs', { HDFS_NAMENODE: origin, HDFS_ROOTPATH: '/root', HDFS_DELEGATION_TOKEN: SECRETS.webhdfs })],
  },
  'hdfs: an entry of the storage secret': {
    serve: store('webhdfs'), model: () => ({ storage: { key: 'cluster', path: 'iris' } }), seen: [`delegation ${SECRETS.webhdfs}`],
    objects: (origin) => [secret('storage-config', { cluster: JSON.stringify({ type: 'webhdfs', HDFS_NAMENODE: origin, HDFS_ROOTPATH: '/root', HDFS_DELEGATION_TOKEN: SECRETS.webhdfs }) })],
  },
  'oci: the pull secret of the pod': {
    serve: store('oci'), predictor: { imagePullSecrets: [{ name: 'pull' }] }, model: (origin) => ({ storageUri: `oci+fetch://${hostOf(origin)}/team/iris:1.0` }),
    objects: (origin) => [
      secret('pull', { '.dockerconfigjson': JSON.stringify({ auths: { [hostOf(origin)]: { auth: Buffer.from(`ann:${SECRETS.oci}`).toString('base64') } } }) }),
      platform({ storageInitializer: { ociInsecureRegistry: true } }),
    ],
    seen: [`login ann:${SECRETS.oci}`, 'nobody', 'token pull-token'],
  },
  'git: user and password from a secret, by the platform': {
    serve: store('git'), model: (origin) => ({ storageUri: `${origin}/models.git` }), seen: [`login ann:${SECRETS.git}`],
    objects: () => [
      secret('git', { user: 'ann', token: SECRETS.git }),
      storageContainer('http://', [{ name: 'GIT_USERNAME', valueFrom: { secretKeyRef: { name: 'git', key: 'user' } } }, { name: 'GIT_PASSWORD', valueFrom: { secretKeyRef: { name: 'git', key: 'token' } } }]),
    ],
  },
};
