import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tempFolder } from '../../support/temp-folder';
import { tarOf } from '../support/archives';
import { failureOf, fetched } from '../support/fetch-into';
import { LARGE, REAL, textOf, upload } from './support';

// Started by `npm run test:storage`; without it these are skipped. One asks for a password, the other for a token that a
// server beside it gives for the password.
const REGISTRIES = [['a password', process.env['ISVC_TEST_REGISTRY']], ['a token', process.env['ISVC_TEST_REGISTRY_TOKEN']]] as const;
const LOGIN = Buffer.from('ann:test-password').toString('base64');
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const digest = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

interface Blob {
  readonly content: Buffer;
  readonly mediaType: string;
  readonly title?: string;
}

(REGISTRIES[0][1] ? describe : describe.skip).each(REGISTRIES)('Distribution, with %s', (_how, host = '') => {
  const env = (auth = LOGIN): Record<string, string> => ({ KSERVE_OCI_INSECURE_REGISTRY: 'true', KSERVE_OCI_DOCKER_CONFIG: tempFolder({ 'config.json': JSON.stringify({ auths: { [host]: { auth } } }) }) });
  let authorization: string;

  /** The token that pushing needs; the fetcher must find its own way. */
  async function authorize(): Promise<string> {
    const challenge = (await fetch(`http://${host}/v2/`)).headers.get('www-authenticate') ?? '';
    const [realm, service] = ['realm', 'service'].map((name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '');
    if (challenge.startsWith('Basic')) return `Basic ${LOGIN}`;
    const scope = new URLSearchParams({ service: service ?? '', scope: 'repository:team/iris:pull,push' }).toString();
    const answer = await upload(new URL(`${realm}?${scope}`), 'GET', undefined, { authorization: `Basic ${LOGIN}` });
    return `Bearer ${((await answer.json()) as { token: string }).token}`;
  }

  async function pushBlob(content: Buffer): Promise<void> {
    const started = await upload(new URL(`http://${host}/v2/team/iris/blobs/uploads/`), 'POST', undefined, { authorization });
    const url = new URL(started.headers.get('location') ?? '', `http://${host}`);
    url.searchParams.set('digest', digest(content));
    await upload(url, 'PUT', content, { authorization, 'content-type': 'application/octet-stream' });
  }

  async function pushManifest(reference: string, manifest: unknown, mediaType = IMAGE): Promise<string> {
    const content = Buffer.from(JSON.stringify(manifest));
    await upload(new URL(`http://${host}/v2/team/iris/manifests/${reference}`), 'PUT', content, { authorization, 'content-type': mediaType });
    return digest(content);
  }

  async function pushImage(reference: string, blobs: readonly Blob[]): Promise<string> {
    const config = Buffer.from('{"architecture":"amd64","os":"linux"}');
    for (const { content } of [{ content: config }, ...blobs]) await pushBlob(content);
    const layers = blobs.map(({ content, mediaType, title }) => ({ mediaType, digest: digest(content), size: content.length, ...(title ? { annotations: { 'org.opencontainers.image.title': title } } : {}) }));
    return pushManifest(reference, { schemaVersion: 2, mediaType: IMAGE, config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digest(config), size: config.length }, layers });
  }

  const layer = (files: Readonly<Record<string, string>>): Blob => ({ content: gzipSync(tarOf(files)), mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' });
  const MODEL = { 'model.joblib': LARGE.toString('latin1'), 'meta/a.json': '{}' };
  let image: string;

  beforeAll(async () => {
    authorization = await authorize();
    image = await pushImage('1.0', [layer({ 'etc/passwd': 'base image', 'models/old': 'x' }), layer({ 'models/.wh.old': '', 'models/model.joblib': MODEL['model.joblib'], 'models/meta/a.json': '{}' })]);
    const size = (await (await upload(new URL(`http://${host}/v2/team/iris/manifests/${image}`), 'GET', undefined, { authorization, accept: IMAGE })).arrayBuffer()).byteLength;
    const manifests = ['amd64', 'arm64'].map((architecture) => ({ mediaType: IMAGE, digest: image, size, platform: { os: 'linux', architecture } }));
    await pushManifest('every-platform', { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests }, 'application/vnd.oci.image.index.v1+json');
    await pushImage('artifact', [{ content: LARGE, mediaType: 'application/octet-stream', title: 'weights/model.bin' }, { content: Buffer.from('{}'), mediaType: 'application/json', title: 'config.json' }]);
  });

  test.each([
    ['an image', () => ':1.0', MODEL],
    ['an image by its digest', () => `@${image}`, MODEL],
    ['an index', () => ':every-platform', MODEL],
    ['an artifact of files', () => ':artifact', textOf({ 'weights/model.bin': LARGE, 'config.json': Buffer.from('{}') })],
  ])('%s arrives', async (_what, reference, expected) => {
    expect(await fetched(`oci://${host}/team/iris${reference()}`, env(), REAL)).toEqual(expected);
  });

  test.each([
    ['no login', '/team/iris:1.0', undefined, 'ISVC_FETCH_DENIED', /access denied to image team\/iris at 1\.0 as anonymous.*imagePullSecrets/],
    ['a wrong password', '/team/iris:1.0', Buffer.from('ann:wrong-password').toString('base64'), 'ISVC_FETCH_DENIED', /as user ann/],
    ['another tag', '/team/iris:2.0', LOGIN, 'ISVC_FETCH_NOT_FOUND', /image team\/iris at 2\.0 does not exist \(manifest unknown\)/],
    ['another digest', `/team/iris@sha256:${'0'.repeat(64)}`, LOGIN, 'ISVC_FETCH_NOT_FOUND', /does not exist/],
  ])('%s is said to be the cause', async (_what, reference, auth, code, line) => {
    const { KSERVE_OCI_DOCKER_CONFIG, ...insecure } = env(auth);
    const failure = await failureOf(fetched(`oci://${host}${reference}`, auth ? { ...insecure, KSERVE_OCI_DOCKER_CONFIG: KSERVE_OCI_DOCKER_CONFIG ?? '' } : insecure, REAL));
    expect(failure).toEqual({ code, line: expect.stringMatching(line) });
    expect(failure.line).not.toMatch(/wrong-password|test-password/);
  });
});
