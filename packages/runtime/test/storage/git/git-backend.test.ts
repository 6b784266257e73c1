import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { failureOf, fetched } from '../support/fetch-into';
import { answerFile } from '../support/file-server';
import { gitBackend, GitRepository, HAS_GIT } from '../support/git-backend';

// Words that repeat, so that git makes deltas of versions of it.
const TEXT = Array.from({ length: 3000 }, (_, i) => `line ${i} ${(i * 2654435761) % 4294967296}\n`).join('');
const LARGE = randomBytes(3 * 1024 * 1024);
/** A second large file that differs a little from the first, so that git makes a delta of it. */
const SIMILAR = Buffer.concat([LARGE.subarray(0, 1_500_000), Buffer.from('changed'), LARGE.subarray(1_500_000)]);
const text = (files: Readonly<Record<string, string | Buffer>>): Record<string, string> => Object.fromEntries(Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString('latin1')]).sort());

(HAS_GIT ? describe : describe.skip)('git http-backend', () => {
  const FIRST = { 'README.md': 'first\n', 'iris/model.joblib': 'v1' };
  const MAIN = { 'README.md': 'second\n', 'iris/model.joblib': LARGE, 'iris/other.joblib': SIMILAR, 'iris/copy.joblib': LARGE, 'text/a.txt': TEXT, 'text/b.txt': `${TEXT}more\n`, 'text/c.txt': TEXT.slice(100), 'empty': '' };
  let repository: GitRepository;
  let first: string;
  let main: string;

  beforeAll(() => {
    repository = new GitRepository();
    first = repository.commit(FIRST);
    repository.git('tag', 'v1');
    repository.git('tag', '-a', 'v1.0-annotated', '-m', 'annotated');
    repository.git('branch', 'release/1');
    main = repository.commit(MAIN);
    repository.publish();
  });

  test.each<[string, () => string, Readonly<Record<string, string | Buffer>>]>([
    ['the default branch', () => '', MAIN],
    ['a branch', () => '?ref=release/1', FIRST],
    ['a tag', () => '?ref=v1', FIRST],
    ['an annotated tag', () => '?ref=v1.0-annotated', FIRST],
    ['a full name', () => '?ref=refs/heads/release/1', FIRST],
    ['a commit that no branch ends at', () => `?ref=${first}`, FIRST],
    ['the commit of a branch', () => `?ref=${main}`, MAIN],
    ['a folder', () => '//text', { 'a.txt': MAIN['text/a.txt'], 'b.txt': MAIN['text/b.txt'], 'c.txt': MAIN['text/c.txt'] }],
    ['a folder of a tag, with one slash', () => '/iris/?ref=v1', { 'model.joblib': 'v1' }],
    ['one file', () => '//iris/model.joblib?ref=v1', { 'model.joblib': 'v1' }],
  ])('%s', async (_what, suffix, expected) => {
    expect(await fetched(`${await gitBackend(repository)}/models.git${suffix()}`)).toEqual(text(expected));
  });

  test.each<[string, string, Record<string, string>]>([
    ['the user of the address', 'ann@', { GIT_PASSWORD: 's3cret-token\n' }],
    ['GIT_USERNAME', '', { GIT_USERNAME: 'ann', GIT_PASSWORD: 's3cret-token' }],
    ['a password in the address, which does not count,', 'ann:other@', { GIT_PASSWORD: 's3cret-token' }],
  ])('a private repository opens to %s', async (_what, user, env) => {
    const origin = await gitBackend(repository, { login: 'ann:s3cret-token' });
    expect(await fetched(`${origin.replace('//', `//${user}`)}/models.git?ref=v1`, env)).toEqual(text(FIRST));
  });

  test.each<[string, string, Record<string, string>, string, RegExp]>([
    ['no password', '/models.git', {}, 'ISVC_FETCH_DENIED', /git: access denied to repository models\.git as anonymous; set GIT_PASSWORD/],
    ['a wrong password', '/models.git', { GIT_PASSWORD: 'wr0ng' }, 'ISVC_FETCH_DENIED', /as user git; give the user or token read access/],
    ['another repository', '/nope.git', { GIT_PASSWORD: 'right', GIT_USERNAME: 'ann' }, 'ISVC_FETCH_NOT_FOUND', /repository nope\.git does not exist/],
    ['another ref', '/models.git?ref=v9', { GIT_PASSWORD: 'right', GIT_USERNAME: 'ann' }, 'ISVC_FETCH_NOT_FOUND', /there is no branch or tag "v9"/],
    ['another commit', `/models.git?ref=${'0'.repeat(39)}1`, { GIT_PASSWORD: 'right', GIT_USERNAME: 'ann' }, 'ISVC_FETCH_NOT_FOUND', /not our ref.*must be reachable/],
    ['half a commit', '/models.git?ref=deadbeef', { GIT_PASSWORD: 'right', GIT_USERNAME: 'ann' }, 'ISVC_FETCH_NOT_FOUND', /all its 40 digits/],
    ['another path', '/models.git//iris/nope?ref=v1', { GIT_PASSWORD: 'right', GIT_USERNAME: 'ann' }, 'ISVC_FETCH_NOT_FOUND', /there is no "iris\/nope" in the commit; check the path; at "nope" there are model\.joblib/],
  ])('%s is said to be the cause', async (_what, path, env, code, line) => {
    const failure = await failureOf(fetched((await gitBackend(repository, { login: 'ann:right' })) + path, env));
    expect(failure).toEqual({ code, line: expect.stringMatching(line) });
    expect(failure.line).not.toMatch(/wr0ng|right\b/);
  });

  test.each<[string, (made: GitRepository) => void, string, RegExp]>([
    ['a link', (made) => {
      made.git('-c', 'core.symlinks=true', 'update-index', '--add', '--cacheinfo', `120000,${made.git('hash-object', '-w', 'model.bin').trim()},link`);
      made.git('commit', '-q', '-m', 'link');
    }, 'ISVC_FETCH_UNSAFE', /"link" is a link/],
    ['a submodule', (made) => {
      made.git('update-index', '--add', '--cacheinfo', `160000,${made.git('rev-parse', 'HEAD').trim()},sub`);
      made.git('commit', '-q', '-m', 'sub');
    }, 'ISVC_FETCH_UNSAFE', /"sub" is a submodule/],
  ])('%s is refused, and a folder without it is not', async (_what, add, code, line) => {
    const made = new GitRepository();
    made.commit({ 'model.bin': 'm', 'good/model.bin': 'm' });
    add(made);
    made.publish();
    const origin = await gitBackend(made);
    expect(await failureOf(fetched(`${origin}/models.git`))).toEqual({ code, line: expect.stringMatching(line) });
    expect(await fetched(`${origin}/models.git//good`)).toEqual({ 'model.bin': 'm' });
  });

  test('a few objects that stand for more files than any model has are refused before they are written', async () => {
    const made = new GitRepository();
    made.commit({ 'level-0/a': 'a' });
    // Each level holds the one below ten times: seven levels are ten million files of a kilobyte of objects.
    for (let level = 1; level <= 7; level++) {
      const below = made.git('rev-parse', level === 1 ? 'HEAD:level-0' : `bomb-${level - 1}`).trim();
      const tree = made.gitInput(Array.from({ length: 10 }, (_, i) => `040000 tree ${below}\td${i}\n`).join(''), 'mktree').trim();
      made.git('tag', `bomb-${level}`, tree);
    }
    // Not checked out: git itself would write all of it.
    made.git('update-ref', 'refs/heads/main', made.git('commit-tree', '-m', 'bomb', 'bomb-7').trim());
    made.publish();
    expect(await failureOf(fetched(`${await gitBackend(made)}/models.git`))).toEqual({ code: 'ISVC_FETCH_UNSAFE', line: expect.stringContaining('ISVC_ARCHIVE_MAX_ENTRIES') });
  });

  test('files of Git LFS come from its server, with the right credentials for each', async () => {
    const oid = createHash('sha256').update(LARGE).digest('hex');
    const made = new GitRepository();
    made.commit({ 'model.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${LARGE.length}\n`, 'config.json': '{}' });
    made.publish();
    const seen: IncomingMessage[] = [];
    const origin = await gitBackend(made, { login: 'ann:right', before: (request, response) => {
      if (request.url?.startsWith('/store/')) {
        seen.push(request);
        if (request.headers.authorization !== 'RemoteAuth once') response.writeHead(403).end();
        else answerFile(request, response, LARGE);
        return true;
      }
      if (request.url !== '/models.git/info/lfs/objects/batch' || request.headers.authorization !== `Basic ${Buffer.from('ann:right').toString('base64')}`) return false;
      response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
      response.end(JSON.stringify({ objects: [{ oid, size: LARGE.length, actions: { download: { href: `${origin}/store/${oid}`, header: { Authorization: 'RemoteAuth once' }, expires_in: 600 } } }] }));
      return true;
    } });
    expect(await fetched(`${origin}/models.git`, { GIT_USERNAME: 'ann', GIT_PASSWORD: 'right', ISVC_FETCH_PART_MIB: '1' })).toEqual(text({ 'config.json': '{}', 'model.bin': LARGE }));
    expect(seen).toHaveLength(3);
  });
});

