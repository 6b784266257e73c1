import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { selfSignedCertificate } from '../../../local/src/apiserver/tls/self-signed-certificate';
import { tempFolder } from '../support/temp-folder';
import { someBytes } from './support/bytes';
import { FAKE_STORES, type FakeStore, SECRETS } from './support/fake-stores';
import { type Fault, faultProxy } from './support/fault-proxy';
import { contentOf, fetchInto } from './support/fetch-into';
import { listenWith } from './support/servers';

// What becomes of every source under every fault is a table of the documentation. UPDATE_FAULT_TABLE=1 writes it anew.
const PAGE = join(__dirname, '../../../../docs/reference/storage.md');
const SECTION = /(<!-- fault table: begin -->\n\n)[^]*?(\n\n<!-- fault table: end -->)/;

// ASCII, so that the tar writer of the tests may take it as text.
const LARGE = Buffer.from(someBytes(8_000).map((byte) => 32 + (byte % 95)));
const FILES = { 'model.joblib': LARGE, 'meta/a b+(1).json': Buffer.from('{}') };
// Four parts.
const ENV = { ISVC_FETCH_ATTEMPTS: '3', ISVC_FETCH_DEADLINE_SECONDS: '120', ISVC_FETCH_PART_MIB: String(2_000 / 1024 ** 2) };

const NAMES: Readonly<Record<string, string>> = { s3: 'S3', gs: 'GCS', hf: 'Hugging Face', modelscope: 'ModelScope', oci: 'OCI', azure: 'Azure Blob', 'azure file': 'Azure File', webhdfs: 'WebHDFS', git: 'git', http: 'HTTP' };
const STORES = Object.entries(FAKE_STORES) as [string, FakeStore][];

interface Attempt {
  readonly origin: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One row of the table: how each fault is made, once or for as long as the fetch lasts. */
const FAULTS: Readonly<Record<string, (store: FakeStore, times: number) => Promise<Attempt>>> = {
  // On a busy machine what does not stall may look as if it did; that must not use up the attempts after the one stall.
  'stall in the middle of a file': async (store, times) => ({ ...(await spoilt('stall')(store, times)), env: { ISVC_FETCH_STALL_SECONDS: '1', ...(times === 1 ? { ISVC_FETCH_ATTEMPTS: '50' } : {}) } }),
  'connection reset': spoilt('reset'),
  'answer cut short': spoilt('truncate'),
  'changed bytes': spoilt('corrupt'),
  'status 500': spoilt({ status: 500 }),
  'status 503': spoilt({ status: 503 }),
  'status 429': spoilt({ status: 429 }),
  'slow answer': spoilt('slow'),
  'credentials that run out': (store, times) => spoilt(store.expired ?? { status: 401 })(store, times),
  'redirect to itself': spoilt('loop'),
  'unknown CA': async (store, times) => ({ origin: times === 1 ? await store.serve(FILES) : await behindTls(), env: times === 1 ? {} : { KSERVE_OCI_INSECURE_REGISTRY: 'false' } }),
};
/** A certificate is not wrong once. */
const ALWAYS_ONLY = ['unknown CA', 'full disk'];

const FOR_EVER = Number.MAX_SAFE_INTEGER;
const outcomes = new Map<string, Map<string, string>>();

describe.each(STORES)('%s', (name, store) => {
  test('does under every fault what the documentation says', async () => {
    const cells = await Promise.all(Object.entries(FAULTS).map(async ([fault, make]) => {
      const [once, always] = await Promise.all([1, FOR_EVER].map(async (times) => outcomeOf(name, store, await make(store, times))));
      return [fault, ALWAYS_ONLY.includes(fault) || once === always ? always : `${once} / ${always}`] as const;
    }));
    const column = new Map([...cells, ['full disk', await onFullDisk(async () => outcomeOf(name, store, { origin: await store.serve(FILES) }))] as const]);
    outcomes.set(name, column as Map<string, string>);
    if (process.env['UPDATE_FAULT_TABLE']) return;
    expect(Object.fromEntries(column)).toEqual(Object.fromEntries(documented(name)));
  });
});

afterAll(() => {
  if (!process.env['UPDATE_FAULT_TABLE']) return;
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, page.replace(SECTION, (_all, begin: string, end: string) => begin + tableText() + end));
});

/** In one word. Whatever it is, the target is complete or untouched, and no secret is told. */
async function outcomeOf(name: string, store: FakeStore, { origin, env = {} }: Attempt): Promise<string> {
  const address = store.address(origin);
  const target = tempFolder();
  const config = join(tempFolder({ 'config.json': JSON.stringify({ auths: { [new URL(origin).host]: { auth: Buffer.from(`ann:${SECRETS.oci}`).toString('base64') } } }) }), 'config.json');
  const failure = await fetchInto(target, address.uri, { ...ENV, ...address.env, ...env, ...(name === 'oci' ? { KSERVE_OCI_DOCKER_CONFIG: config } : {}) }).then(() => undefined, (error: unknown) => error as { code?: string; toLine(): string });
  const arrived = Object.fromEntries(Object.entries(contentOf(target)).filter(([path]) => !path.startsWith('.isvc-')));
  if (failure === undefined) return JSON.stringify(arrived) === JSON.stringify(expectedOf(name)) ? 'arrives' : sameSizes(arrived, expectedOf(name)) ? 'not noticed' : 'PARTIAL';
  if (Object.keys(arrived).length > 0) return 'PARTIAL';
  const line = failure.toLine();
  if (Object.values(SECRETS).some((secret) => line.includes(secret))) return 'TELLS A SECRET';
  return WORDS[failure.code ?? ''] ?? `${failure.code}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ISVC_FETCH_UNREACHABLE: 'unreachable', ISVC_FETCH_DENIED: 'denied', ISVC_FETCH_CORRUPT: 'corrupt', ISVC_FETCH_UNSAFE: 'unsafe', ISVC_FETCH_SPACE: 'no space', ISVC_FETCH_IO: 'refused',
};

function expectedOf(name: string): Record<string, string> {
  const all = Object.fromEntries(Object.entries(FILES).map(([path, content]) => [path, content.toString('latin1')]).sort());
  return name === 'http' ? { 'model.joblib': LARGE.toString('latin1') } : all;
}

function sameSizes(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.entries(b).every(([path, text]) => a[path]?.length === text.length);
}

function spoilt(fault: Fault): (store: FakeStore, times: number) => Promise<Attempt> {
  return async (store, times) => ({ origin: (await faultProxy(await store.serve(FILES), fault, { when: (request, body) => store.isData(request, body), times })).origin });
}

/** A server with a certificate that nobody vouches for; nobody gets far enough to be answered. */
const { certificate, privateKey } = selfSignedCertificate(new Date());

function behindTls(): Promise<string> {
  return listenWith(() => {}, { cert: certificate, key: privateKey });
}

/** While something runs, no write finds room. */
async function onFullDisk<T>(run: () => Promise<T>): Promise<T> {
  const handle = await open(join(tempFolder({ x: '' }), 'x'));
  const prototype = Object.getPrototypeOf(handle) as { writev: (...args: unknown[]) => Promise<unknown> };
  await handle.close();
  const full = jest.spyOn(prototype, 'writev').mockRejectedValue(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  try {
    return await run();
  } finally {
    full.mockRestore();
  }
}

function tableText(): string {
  const faults = [...Object.keys(FAULTS), 'full disk'];
  const head = [`| fault | ${STORES.map(([name]) => NAMES[name]).join(' | ')} |`, `| --- |${' --- |'.repeat(STORES.length)}`];
  return [...head, ...faults.map((fault) => `| ${fault} | ${STORES.map(([name]) => outcomes.get(name)?.get(fault)).join(' | ')} |`)].join('\n');
}

/** The column of a source in the documentation. */
function documented(name: string): Map<string, string> {
  const rows = (SECTION.exec(readFileSync(PAGE, 'utf8'))?.[0] ?? '').split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | '));
  const at = rows[0]?.indexOf(NAMES[name] ?? '') ?? -1;
  return new Map(rows.filter(([first]) => first !== 'fault' && !first?.startsWith('---')).map((row) => [row[0] ?? '', row[at] ?? '']));
}
