import { createHash } from 'node:crypto';
import dns from 'node:dns';
import { type IncomingMessage, type ServerResponse, request as sendOn } from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { tempFolder } from '../support/temp-folder';
import { fakeGit } from './support/fake-git';
import { FAKE_STORES, type FakeStore } from './support/fake-stores';
import { failureOf, fetched } from './support/fetch-into';
import { commitWith } from './support/git-objects';
import { listen } from './support/servers';

const FILES = { 'model.joblib': Buffer.alloc(5000, 'm') };
const OID = createHash('sha256').update('large').digest('hex');

/** How a fetch is led astray: by what a server answers, or by a variable. */
interface Way {
  /** @param metadata the origin that it must not reach. */
  readonly lead: (metadata: string) => Promise<{ readonly uri: string; readonly env: Readonly<Record<string, string>> }>;
  /** @default ISVC_FETCH_UNSAFE */
  readonly code?: string;
}

/** Every answer for which `when` holds leads to the metadata address, by a redirect that keeps the method. */
function astray(store: FakeStore, when: (request: IncomingMessage) => boolean, env: (origin: string) => Readonly<Record<string, string>> = () => ({})): Way['lead'] {
  return async (metadata) => {
    const upstream = await store.serve(FILES);
    const origin = await listen((request, response) => {
      if (when(request)) return void response.writeHead(307, { location: `${metadata}${request.url ?? '/'}` }).end();
      void passOn(upstream, request, response);
    });
    const told = store.address(origin);
    return { uri: told.uri, env: { ...told.env, ...env(origin) } };
  };
}

async function passOn(upstream: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { connection: _connection, ...headers } = request.headers as Record<string, string>;
  const onward = sendOn(`${upstream}${request.url}`, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  onward.end(body);
}

const always = (): boolean => true;
const docker = (origin: string): Record<string, string> => ({ KSERVE_OCI_DOCKER_CONFIG: join(tempFolder({ 'config.json': JSON.stringify({ auths: { [new URL(origin).host]: { auth: Buffer.from('ann:registry-password').toString('base64') } } }) }), 'config.json') });
const isBlob = (request: IncomingMessage): boolean => request.url?.includes('/blobs/') === true;
const google = (key: object): Record<string, string> => ({ GOOGLE_APPLICATION_CREDENTIALS: join(tempFolder({ 'key.json': JSON.stringify(key) }), 'key.json') });

const WAYS: Readonly<Record<string, Way>> = {
  'the address itself': { lead: async (metadata) => ({ uri: `${metadata}/latest/model.bin`, env: {} }) },
  'a redirect of a web server': { lead: astray(FAKE_STORES.http, always) },
  'a redirect of the parts of a file': { lead: astray(FAKE_STORES.http, FAKE_STORES.http.isData) },
  'the endpoint of S3': { lead: async (metadata) => ({ uri: 's3://models/iris', env: { AWS_ENDPOINT_URL: metadata, awsAnonymousCredential: 'true' } }) },
  // What S3 answers is never followed: the signature is for one host.
  'a redirect of S3': { lead: astray(FAKE_STORES.s3, always), code: 'ISVC_FETCH_IO' },
  'a redirect of an object of S3': { lead: astray(FAKE_STORES.s3, FAKE_STORES.s3.isData), code: 'ISVC_FETCH_IO' },
  'the endpoint of GCS': { lead: async (metadata) => ({ uri: 'gs://models/iris', env: { STORAGE_EMULATOR_HOST: metadata } }) },
  'a redirect of GCS': { lead: astray(FAKE_STORES.gs, always), code: 'ISVC_FETCH_IO' },
  'the token address of a Google key': { lead: async (metadata) => ({ uri: 'gs://models/iris', env: google({ type: 'authorized_user', client_id: 'a', client_secret: 'b', refresh_token: 'c', token_uri: `${metadata}/token` }) }) },
  'the endpoint of Azure': { lead: async (metadata) => ({ uri: 'https://acct.blob.core.windows.net/models/iris', env: { AZURE_SERVICE_URL: metadata } }) },
  'a redirect of Azure Blob': { lead: astray(FAKE_STORES.azure, always), code: 'ISVC_FETCH_IO' },
  'a redirect of Azure File': { lead: astray(FAKE_STORES['azure file'], always), code: 'ISVC_FETCH_IO' },
  'the authority of Azure': { lead: async (metadata) => ({ uri: 'https://acct.blob.core.windows.net/models/iris', env: { AZURE_SERVICE_URL: 'http://127.0.0.1:9', AZURE_AUTHORITY_HOST: metadata, AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' } }) },
  'the endpoint of the hub': { lead: async (metadata) => ({ uri: 'hf://org/iris:v1', env: { HF_ENDPOINT: metadata } }) },
  'a redirect of the hub': { lead: astray(FAKE_STORES.hf, always) },
  'a redirect of a file of the hub': { lead: astray(FAKE_STORES.hf, (request) => request.url?.includes('/resolve/') === true) },
  'a redirect of ModelScope': { lead: astray(FAKE_STORES.modelscope, always) },
  'a redirect of a registry': { lead: astray(FAKE_STORES.oci, always, docker) },
  'a redirect of a layer': { lead: astray(FAKE_STORES.oci, isBlob, docker) },
  'the token address of a registry': { lead: async (metadata) => {
    const origin = await listen((_request, response) => void response.writeHead(401, { 'www-authenticate': `Bearer realm="${metadata}/token",service="x"` }).end());
    return { uri: `oci://${new URL(origin).host}/team/iris:1.0`, env: { KSERVE_OCI_INSECURE_REGISTRY: 'true', ...docker(origin) } };
  } },
  'a redirect of git': { lead: astray(FAKE_STORES.git, always) },
  'an address of Git LFS': { lead: async (metadata) => {
    const objects = commitWith({ 'model.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize 5\n` });
    const origin = await fakeGit(objects, { before: (request, response) => {
      if (request.url !== '/models.git/info/lfs/objects/batch') return false;
      response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' }).end(JSON.stringify({ objects: [{ oid: OID, size: 5, actions: { download: { href: `${metadata}/large` } } }] }));
      return true;
    } });
    return { uri: `${origin}/models.git`, env: {} };
  } },
  'the address of HDFS': { lead: async (metadata) => ({ uri: 'webhdfs://iris', env: { HDFS_NAMENODE: metadata } }) },
  'a redirect of HDFS': { lead: astray(FAKE_STORES.webhdfs, (request) => request.url?.includes('op=OPEN') === true) },
};

const METADATA = ['http://169.254.169.254', 'http://[::ffff:169.254.169.254]', 'http://[fd00:ec2::254]', 'http://metadata.example'] as const;

/** Where anything was connected to, as it was asked for. */
let reached: string[];

beforeEach(() => {
  reached = [];
  const connect = net.Socket.prototype.connect;
  jest.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket, ...args: unknown[]) {
    const [first] = args.flat() as { readonly host?: string; readonly port?: number }[];
    reached.push(`${first?.host}:${first?.port}`);
    return (connect as (...all: unknown[]) => net.Socket).apply(this, args);
  });
  const lookup = dns.lookup as unknown as (host: string, options: dns.LookupOptions, done: (...answer: unknown[]) => void) => void;
  // A name whose owner says that it is the metadata address.
  jest.spyOn(dns, 'lookup').mockImplementation(((host: string, options: dns.LookupOptions, done: (...answer: unknown[]) => void) => {
    if (host !== 'metadata.example') return lookup(host, options, done);
    if (options.all) done(null, [{ address: '169.254.169.254', family: 4 }]);
    else done(null, '169.254.169.254', 4);
  }) as never);
});
afterEach(() => jest.restoreAllMocks());

describe.each(Object.entries(WAYS))('%s', (name, { lead, code = 'ISVC_FETCH_UNSAFE' }) => {
  test.each(METADATA)('does not lead to %s', async (metadata) => {
    const { uri, env } = await lead(metadata);
    const failure = await failureOf(fetched(uri, { ISVC_FETCH_ATTEMPTS: '1', ...env }));
    expect(failure).toEqual({ code, line: code === 'ISVC_FETCH_UNSAFE' ? (expect.stringMatching(/is an address of instance metadata, which a model address must not reach/) as string) : (expect.any(String) as string) });
    if (name.includes('redirect')) expect(reached).toContainEqual(expect.stringMatching(/^127\.0\.0\.1:/));
    // A name is looked up by the socket that is then destroyed; nothing else may even be begun.
    expect(reached.filter((target) => !/^(127\.0\.0\.1|localhost|metadata\.example):/.test(target))).toEqual([]);
  });
});
