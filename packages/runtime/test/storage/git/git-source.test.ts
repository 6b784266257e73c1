import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { someBytes } from '../support/bytes';
import { fakeGit } from '../support/fake-git';
import { fakeClock } from '../support/fake-clock';
import { failureOf, fetched } from '../support/fetch-into';
import { answerFile } from '../support/file-server';
import { commitOf, commitWith, deltaOf, entryBytes, gitObject, packed, packOf, treeOf } from '../support/git-objects';

const LARGE = someBytes(3 * 1024 * 1024);
const text = (files: Readonly<Record<string, string | Buffer>>): Record<string, string> => Object.fromEntries(Object.entries(files).map(([path, content]) => [path, Buffer.from(content as string).toString('latin1')]).sort());

describe('a commit', () => {
  const MAIN = { 'README.md': 'second\n', 'iris/model.joblib': LARGE, 'iris/copy.joblib': LARGE, 'text/a.txt': 'a', empty: '' };
  const FIRST = { 'README.md': 'first\n', 'iris/model.joblib': 'v1' };
  const [main, first] = [commitWith(MAIN), commitWith(FIRST)];
  const tag = gitObject('tag', `object ${first[0]?.oid}\ntype commit\ntag v1.0\ntagger a <a@b> 1 +0000\n\nv\n`);
  const refs = { HEAD: main[0]!, 'refs/heads/main': main[0]!, 'refs/heads/release/1': first[0]!, 'refs/tags/v1.0': tag };
  const serve = (login?: string): Promise<string> => fakeGit([...main, ...first, tag], { refs, peeled: { 'refs/tags/v1.0': first[0]! }, ...(login ? { login } : {}) });

  test.each<[string, string, Readonly<Record<string, string | Buffer>>]>([
    ['of the default branch', '', MAIN],
    ['of a branch', '?ref=release/1', FIRST],
    ['of a tag object', '?ref=v1.0', FIRST],
    ['by its 40 digits', `?ref=${first[0]?.oid}`, FIRST],
    ['in part: a folder', '//text', { 'a.txt': 'a' }],
    ['in part: one large file', '//iris/copy.joblib', { 'copy.joblib': LARGE }],
  ])('%s arrives', async (_what, suffix, expected) => {
    expect(await fetched(`${await serve()}/models.git${suffix}`)).toEqual(text(expected));
  });

  test.each<[string, string, Record<string, string>, string, RegExp]>([
    ['no password', '', {}, 'ISVC_FETCH_DENIED', /as anonymous; set GIT_PASSWORD/],
    ['a wrong password', '', { GIT_PASSWORD: 'wr0ng' }, 'ISVC_FETCH_DENIED', /as user git; give the user or token read access/],
    ['another ref', '?ref=v9', { GIT_USERNAME: 'ann', GIT_PASSWORD: 'pass' }, 'ISVC_FETCH_NOT_FOUND', /there is no branch or tag "v9"/],
    ['another commit', `?ref=${'0'.repeat(40)}`, { GIT_USERNAME: 'ann', GIT_PASSWORD: 'pass' }, 'ISVC_FETCH_NOT_FOUND', /not our ref.*must be reachable/],
    ['another path', '//iris/nope', { GIT_USERNAME: 'ann', GIT_PASSWORD: 'pass' }, 'ISVC_FETCH_NOT_FOUND', /at "nope" there are copy\.joblib, model\.joblib/],
  ])('%s is said to be the cause', async (_what, suffix, env, code, line) => {
    const failure = await failureOf(fetched(`${await serve('ann:pass')}/models.git${suffix}`, env));
    expect(failure).toEqual({ code, line: expect.stringMatching(line) });
    expect(failure.line).not.toContain('wr0ng');
  });
});

describe('deltas', () => {
  const OLD = Buffer.from('one two three four');
  const NEW = Buffer.from('one two 3 four');
  const steps = [[0, 8], Buffer.from('3'), [13, 5]] as const;
  const SIMILAR = Buffer.concat([LARGE.subarray(0, 70_000), Buffer.from('changed'), LARGE.subarray(70_000)]);

  test('to an earlier object, to a name, to a delta, and of large objects are built', async () => {
    const objects = commitWith({ old: OLD, new: NEW, third: 'one two', large: LARGE, similar: SIMILAR });
    const blob = (content: Buffer | string): string => gitObject('blob', content).oid;
    const whole = objects.filter(({ oid }) => ![blob(NEW), blob('one two'), blob(SIMILAR)].includes(oid) && oid !== blob(OLD));
    const base = packed(gitObject('blob', OLD));
    const pack = packOf([
      // A base may come after what is built on it.
      { kind: 'refDelta', base: blob(NEW), content: deltaOf(NEW.length, [[0, 7]]) },
      ...whole.map(packed),
      base,
      { kind: 'ofsDelta', base: entryBytes(base).length, content: deltaOf(OLD.length, steps) },
      { kind: 'refDelta', base: blob(LARGE), content: deltaOf(LARGE.length, [[0, 70_000], Buffer.from('changed'), [70_000, LARGE.length - 70_000]]) },
    ]);
    expect(await fetched(`${await fakeGit(objects, { pack })}/models.git`)).toEqual(text({ old: OLD, new: NEW, third: 'one two', large: LARGE, similar: SIMILAR }));
  });
});

test.each<[string, string, RegExp]>([
  ['120000', 'link', /"link" is a link/],
  ['160000', 'sub', /"sub" is a submodule/],
  ['100644', '..', /"\.\." is not a name/],
  ['100644', '.git', /"\.git" is not a name/],
  ['40000', 'a/b', /"a\/b" is not a name/],
  ['100644', '.isvc-journal', /kept for the fetcher/],
])('mode %s with the name %s is refused', async (mode, name, line) => {
  const blob = gitObject('blob', 'm');
  const tree = treeOf([{ mode, name, oid: blob.oid }]);
  expect(await failureOf(fetched(`${await fakeGit([commitOf(tree), tree, blob])}/models.git`))).toEqual({ code: 'ISVC_FETCH_UNSAFE', line: expect.stringMatching(line) });
});

test.each<[string, readonly string[], RegExp]>([
  ['an old protocol', ['0'.repeat(40)], /speaks an old protocol only/],
  ['no shallow fetches', ['version 2', 'ls-refs', 'fetch'], /gives whole histories only/],
  ['another format', ['version 2', 'fetch=shallow', 'object-format=sha256'], /has a repository of format sha256/],
])('a server with %s is refused with the reason', async (_what, abilities, line) => {
  expect(await failureOf(fetched(`${await fakeGit(commitWith({ a: 'a' }), { abilities })}/models.git`))).toEqual({ code: 'ISVC_FETCH_IO', line: expect.stringMatching(line) });
});

describe('Git LFS', () => {
  const oid = createHash('sha256').update(LARGE).digest('hex');
  const objects = commitWith({ 'model.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${LARGE.length}\n`, 'config.json': '{}' });
  const arrived = text({ 'model.bin': LARGE, 'config.json': '{}' });

  /** @param store answers for the content; `batch` how often its address was asked for. */
  async function serve(expiry: Readonly<Record<string, unknown>>, store: (request: IncomingMessage, batch: number) => number): Promise<{ readonly origin: string; readonly batches: () => number }> {
    let batches = 0;
    const origin: string = await fakeGit(objects, { login: 'ann:right', before: (request, response) => {
      if (request.url?.startsWith('/store/')) {
        const status = store(request, batches);
        if (status === 200) answerFile(request, response, LARGE);
        else response.writeHead(status).end();
        return true;
      }
      if (request.url !== '/models.git/info/lfs/objects/batch') return false;
      batches++;
      response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
      response.end(JSON.stringify({ objects: [{ oid, size: LARGE.length, actions: { download: { href: `${origin}/store/${batches}`, header: { Authorization: `RemoteAuth ${batches}` }, ...expiry } } }] }));
      return true;
    } });
    return { origin, batches: () => batches };
  }
  const ENV = { GIT_USERNAME: 'ann', GIT_PASSWORD: 'right', ISVC_FETCH_PART_MIB: '1', ISVC_FETCH_CONNECTIONS: '1' };

  test('a file comes from its server, with the credentials for that', async () => {
    const seen: (string | undefined)[] = [];
    const { origin, batches } = await serve({ expires_in: 600 }, (request) => {
      seen.push(request.headers.authorization);
      return 200;
    });
    expect(await fetched(`${origin}/models.git`, ENV)).toEqual(arrived);
    expect({ seen, batches: batches() }).toEqual({ seen: ['RemoteAuth 1', 'RemoteAuth 1', 'RemoteAuth 1'], batches: 1 });
  });

  test('an address that says it ends soon is asked for anew before each part', async () => {
    const { origin, batches } = await serve({ expires_in: 30 }, (request, batch) => (request.url === `/store/${batch}` ? 200 : 403));
    expect(await fetched(`${origin}/models.git`, ENV)).toEqual(arrived);
    expect(batches()).toBe(4);
  });

  test.each([401, 403, 410])('an address that has run out without a word, by status %s, is asked for anew', async (status) => {
    const { origin, batches } = await serve({}, (_request, batch) => (batch === 1 ? status : 200));
    expect(await fetched(`${origin}/models.git`, ENV, { clock: fakeClock() })).toEqual(arrived);
    expect(batches()).toBe(2);
  });

  test('one that stays refused is said to be the cause', async () => {
    const { origin } = await serve({}, () => 403);
    expect(await failureOf(fetched(`${origin}/models.git`, ENV))).toMatchObject({ code: 'ISVC_FETCH_DENIED' });
  });
});
