import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { runRuntime } from '../support/runtime-process';
import { tempFolder } from '../support/temp-folder';
import { fakeS3 } from './support/fake-s3';
import { FAKE_STORES, type FakeStore, SECRETS } from './support/fake-stores';
import { answerFile } from './support/file-server';
import { listen } from './support/servers';

/** One way to be told a secret. */
interface Planted {
  readonly serve: () => Promise<string>;
  readonly address: (origin: string) => { readonly uri: string; readonly env: Readonly<Record<string, string>> };
  readonly secrets: readonly string[];
  /** The user has written it into an address, which stands in the arguments anyway. @default false */
  readonly inArguments?: boolean;
}

const FILES = { 'model.joblib': Buffer.alloc(150_000, 'm'), 'more.json': Buffer.from('{}') };
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const file = (name: string, text: string): string => join(tempFolder({ [name]: text }), name);
const model = (): Promise<string> => listen((request, response) => answerFile(request, response, FILES['model.joblib']));

const fake = (store: FakeStore, secret: string, more: (origin: string) => Record<string, string> = () => ({})): Planted => ({
  serve: () => store.serve(FILES),
  address: (origin) => ({ uri: store.address(origin).uri, env: { ...store.address(origin).env, ...more(origin) } }),
  secrets: [secret],
});

const PLANTED: Readonly<Record<string, Planted>> = {
  'S3 keys': fake(FAKE_STORES.s3, SECRETS.s3),
  'an S3 session token': {
    serve: () => fakeS3({ 'iris/a.bin': FILES['model.joblib'] }, { keys: { accessKeyId: 'AKIA', secretAccessKey: 'planted-s3-key', sessionToken: 'planted-session-token' } }),
    address: (origin) => ({ uri: 's3://models/iris', env: { AWS_ENDPOINT_URL: origin, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'planted-s3-key', AWS_SESSION_TOKEN: 'planted-session-token' } }),
    secrets: ['planted-s3-key', 'planted-session-token'],
  },
  'an entry of the storage secret': {
    serve: () => fakeS3({ 'iris/a.bin': FILES['model.joblib'] }, { keys: { accessKeyId: 'AKIA', secretAccessKey: 'planted-entry-key' } }),
    address: (origin) => ({ uri: 's3://models/iris', env: { STORAGE_CONFIG: JSON.stringify({ type: 's3', bucket: 'models', endpoint_url: origin, access_key_id: 'AKIA', secret_access_key: 'planted-entry-key' }) } }),
    secrets: ['planted-entry-key'],
  },
  'a key of Google': {
    serve: () => listen((request, response) => void response.writeHead(500).end(`{"message": "${request.url}"}`)),
    address: (origin) => ({ uri: 'gs://models/iris', env: {
      GOOGLE_APPLICATION_CREDENTIALS: file('key.json', JSON.stringify({ type: 'authorized_user', client_id: 'id', client_secret: 'planted-google-secret', refresh_token: 'planted-refresh-token', token_uri: `${origin}/token` })),
    } }),
    secrets: ['planted-google-secret', 'planted-refresh-token'],
  },
  'a private key of Google': {
    serve: () => listen((request, response) => void response.writeHead(500).end(`{"message": "${request.url}"}`)),
    address: (origin) => ({ uri: 'gs://models/iris', env: { GOOGLE_APPLICATION_CREDENTIALS: file('key.json', JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: KEY, token_uri: `${origin}/token` })) } }),
    secrets: [KEY.split('\n')[1] ?? ''],
  },
  'a hub token': fake(FAKE_STORES.hf, SECRETS.hf),
  'a token of ModelScope': fake(FAKE_STORES.modelscope, SECRETS.modelscope),
  'a docker config': fake(FAKE_STORES.oci, SECRETS.oci, (origin) => ({ KSERVE_OCI_DOCKER_CONFIG: file('config.json', JSON.stringify({ auths: { [new URL(origin).host]: { auth: base64(`ann:${SECRETS.oci}`) } } })) })),
  'an account key of Azure': fake(FAKE_STORES.azure, SECRETS.azure),
  'an account key of an Azure share': fake(FAKE_STORES['azure file'], SECRETS.azure),
  'a client secret of Azure': {
    serve: () => listen((_request, response) => void response.writeHead(401).end('{}')),
    address: (origin) => ({ uri: 'https://acct.blob.core.windows.net/models/iris', env: { AZURE_SERVICE_URL: origin, AZURE_AUTHORITY_HOST: origin, AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 'planted-client-secret' } }),
    secrets: ['planted-client-secret'],
  },
  'a signature of Azure': {
    serve: model,
    address: (origin) => ({ uri: 'https://acct.blob.core.windows.net/models/iris?sv=2021&sig=planted%2Bsas', env: { AZURE_SERVICE_URL: origin } }),
    secrets: ['planted%2Bsas', 'planted+sas'],
    inArguments: true,
  },
  'a delegation token': fake(FAKE_STORES.webhdfs, SECRETS.webhdfs),
  'a password of git': fake(FAKE_STORES.git, SECRETS.git),
  'a password of git in the address': {
    serve: () => FAKE_STORES.git.serve(FILES),
    address: (origin) => ({ uri: `${origin.replace('://', `://ann:${SECRETS.git}@`)}/models.git`, env: {} }),
    secrets: [SECRETS.git],
    inArguments: true,
  },
  'a password in an address': {
    serve: model,
    address: (origin) => ({ uri: `${origin.replace('://', '://ann:planted@pass%2Fword@')}/model.joblib?X-Amz-Signature=planted-signature`, env: {} }),
    secrets: ['planted@pass', 'pass%2Fword', 'pass/word', 'planted-signature'],
    inArguments: true,
  },
  'headers of a web server': {
    serve: model,
    address: (origin) => ({ uri: `${origin}/model.joblib`, env: { HTTPS_HOST: '127.0.0.1', HTTPS_HEADERS: JSON.stringify({ 'X-Key': 'planted-header', Authorization: 'Bearer planted-bearer' }) } }),
    secrets: ['planted-header', 'planted-bearer'],
  },
  'a proxy': {
    serve: model,
    address: (origin) => ({ uri: 'http://store.example/model.joblib', env: { http_proxy: origin.replace('://', '://ann:planted-proxy@') } }),
    secrets: ['planted-proxy'],
  },
};

/** Answers every request with all that it says, as a careless server does, in the fields that the fetcher quotes. */
function careless(onRequest: () => void): Promise<string> {
  return listen((request: IncomingMessage, response) => {
    onRequest();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const basic = /^Basic (.+)$/.exec(String(request.headers.authorization ?? request.headers['proxy-authorization'] ?? ''))?.[1];
      const echo = [request.url, ...Object.values(request.headers), basic && Buffer.from(basic, 'base64').toString(), decodeURIComponent(Buffer.concat(chunks).toString('latin1'))].join(' ').replace(/["\\<>\r\n]/g, '');
      // A form may be long: what matters must not be cut away before it is looked for.
      const said = echo.slice(-290);
      response.writeHead(403, { 'content-type': 'text/plain', 'x-error-message': said }).end(`{"message": "${said}"} <Error><Code>AccessDenied</Code><Message>${said}</Message></Error>`);
    });
  });
}

interface Left { readonly text: string; readonly args: string }

/** Runs the fetcher as a process; everything that it leaves behind. */
async function leftBy({ address }: Planted, origin: string, argsOf: { pid?: number | undefined; args: string }): Promise<Left> {
  const { uri, env } = address(origin);
  const folder = tempFolder();
  const runtime = runRuntime(['fetch', uri, join(folder, 'target')], { ...env, ISVC_FETCH_ATTEMPTS: '1', ISVC_FETCH_STALL_SECONDS: '20', KSERVE_LOGLEVEL: 'DEBUG' });
  argsOf.pid = runtime.child.pid;
  await runtime.exit;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.map((entry) => `${entry.parentPath}/${entry.name}\n${entry.isFile() ? readFileSync(join(entry.parentPath, entry.name), 'latin1') : ''}`);
  const last = existsSync(runtime.terminationFile) ? readFileSync(runtime.terminationFile, 'utf8') : '';
  return { text: [runtime.stdout(), runtime.stderr(), last, ...files].join('\n'), args: argsOf.args };
}

/** The arguments of a process and of those that it has started, while it runs. */
function argumentsOf(pid: number): string {
  const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '), ...children.map(argumentsOf)].join('\n');
}

describe.each(Object.entries(PLANTED))('%s', (_name, planted) => {
  const forms = planted.secrets.flatMap((secret) => [secret, encodeURIComponent(secret), base64(secret), base64(`ann:${secret}`)]);

  test('is in nothing that a fetch leaves, whether it works, is refused, or reaches nobody', async () => {
    const seen: { pid?: number | undefined; args: string } = { args: '' };
    const repeats = await careless(() => {
      if (seen.pid !== undefined) seen.args += argumentsOf(seen.pid);
    });
    const left = await Promise.all([leftBy(planted, await planted.serve(), { args: '' }), leftBy(planted, repeats, seen), leftBy(planted, 'http://127.0.0.1:9', { args: '' })]);
    for (const { text, args } of left) {
      expect(text.length).toBeGreaterThan(50);
      for (const form of forms) expect(text).not.toContain(form);
      if (!planted.inArguments) for (const form of forms) expect(args).not.toContain(form);
    }
    if (existsSync('/proc/self/cmdline')) expect(seen.args).toContain('fetch');
  });
});
