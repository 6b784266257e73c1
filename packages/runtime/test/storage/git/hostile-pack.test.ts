import { readdirSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { tempFolder } from '../../support/temp-folder';
import { someBytes } from '../support/bytes';
import { fakeGit } from '../support/fake-git';
import { failureOf, fetchInto } from '../support/fetch-into';
import { commitWith, deltaOf, entryBytes, gitObject, type Packed, packed, packOf } from '../support/git-objects';

const BASE = Buffer.from('one two three four');
const MODEL = gitObject('blob', 'model');
const GOOD = commitWith({ 'model.bin': 'model', base: BASE });
const PACKED = GOOD.map(packed);
const base = gitObject('blob', BASE);
/** The good objects without the one that a delta is to make. */
const WITHOUT = GOOD.filter(({ oid }) => oid !== MODEL.oid).map(packed);
const CORRUPT = 'ISVC_FETCH_CORRUPT';
const UNSAFE = 'ISVC_FETCH_UNSAFE';
const MIB = 1024 * 1024;

const withDelta = (content: Buffer, of: string | number = base.oid): Buffer => packOf([...WITHOUT, typeof of === 'string' ? { kind: 'refDelta', base: of, content } : { kind: 'ofsDelta', base: of, content }]);
const withBlob = (blob: Packed): Buffer => packOf([...WITHOUT, blob]);
const zeros = (length: number): Buffer => Buffer.alloc(length);

/** A few bytes that compress to a thousandth, as an object of any kind. */
const BOMB = zeros(100 * MIB);
const SMALL_LIMIT = { ISVC_ARCHIVE_MAX_RATIO: '50' };

test.each<[string, () => Buffer, string, RegExp, Record<string, string>?]>([
  ['no pack', () => packOf(PACKED, { magic: 'KCAP' }), CORRUPT, /the pack is broken: it is none/],
  ['a pack of version 9', () => packOf(PACKED, { version: 9 }), CORRUPT, /it is none/],
  ['fewer objects than announced', () => packOf(PACKED, { count: PACKED.length + 1 }), CORRUPT, /the pack is broken/],
  ['more objects than announced', () => packOf(PACKED, { count: PACKED.length - 1 }), CORRUPT, /it has another length than its objects/],
  ['four thousand million objects', () => packOf(PACKED, { count: 0xffffffff }), CORRUPT, /the pack is broken/],
  ['bytes behind the objects', () => packOf(PACKED, { extra: Buffer.from('more') }), CORRUPT, /it has another length than its objects/],
  ['a kind that does not exist', () => packOf([...PACKED, { kind: 5, content: zeros(3) }]), CORRUPT, /an object is of kind 5/],
  ['kind 0', () => packOf([...PACKED, { kind: 0, content: zeros(3) }]), CORRUPT, /an object is of kind 0/],
  ['an object without its commit', () => packOf(PACKED.slice(1)), CORRUPT, /it lacks the commit [0-9a-f]{40}/],
  ['a commit without its tree', () => packOf(PACKED.filter((_, i) => i !== 1)), CORRUPT, /it lacks the tree [0-9a-f]{40}/],
  ['a tree without a file of it', () => packOf(WITHOUT), CORRUPT, /it lacks the blob [0-9a-f]{40}/],
  ['a file with other bytes than its name is of', () => withBlob(packed(gitObject('blob', 'nodel'))), CORRUPT, new RegExp(`it lacks the blob ${MODEL.oid}`)],
  ['a tree in place of a file', () => withBlob({ kind: 'tree', content: MODEL.content }), CORRUPT, /it lacks the blob/],
  ['an object that is longer than stated', () => withBlob({ kind: 'blob', content: MODEL.content, size: 3 }), CORRUPT, /the pack is broken: an object/],
  ['an object that is shorter than stated', () => withBlob({ kind: 'blob', content: MODEL.content, size: 9 }), CORRUPT, /an object of 9 bytes has 5/],
  ['a large object that is longer than stated', () => withBlob({ kind: 'blob', content: someBytes(3 * MIB), size: 2 * MIB }), CORRUPT, /an object of 2097152 bytes has more/],
  ['a large object that is shorter than stated', () => withBlob({ kind: 'blob', content: someBytes(2 * MIB), size: 3 * MIB }), CORRUPT, /an object of 3145728 bytes has 2097152/],
  ['an object of more bytes than there are numbers', () => withBlob({ kind: 'blob', content: MODEL.content, size: 2 ** 60 }), CORRUPT, /an object is too large/],
  ['an object of a terabyte and a half', () => withBlob({ kind: 'blob', content: MODEL.content, size: 1.5 * 1024 ** 4 }), UNSAFE, /more than \d+ bytes unpacked.*ISVC_ARCHIVE_MAX_GIB/],
  ['bytes that are not compressed', () => withBlob({ kind: 'blob', content: MODEL.content, raw: Buffer.from('not compressed') }), CORRUPT, /an object cannot be decompressed/],
  ['a compressed object that ends early', () => packOf([...WITHOUT, { kind: 'blob', content: someBytes(5000), raw: deflateSync(someBytes(5000)).subarray(0, 300) }]), CORRUPT, /an object cannot be decompressed/],
  ['a head that never ends', () => packOf([...WITHOUT], { count: WITHOUT.length + 1, extra: Buffer.alloc(80, 0xff) }), CORRUPT, /the pack is broken/],
])('%s is refused', refused);

test.each<[string, () => Buffer, string, RegExp, Record<string, string>?]>([
  ['of something before the pack', () => withDelta(deltaOf(18, [[0, 5]]), 1_000_000), CORRUPT, /a delta is of something before the pack/],
  ['of itself', () => withDelta(deltaOf(18, [[0, 5]]), 0), CORRUPT, /a delta is of something before the pack/],
  ['of a place where no object begins', () => withDelta(deltaOf(18, [[0, 5]]), 3), CORRUPT, /it lacks what 1 deltas are of/],
  ['of a name that nobody has', () => withDelta(deltaOf(18, [[0, 5]]), 'ab'.repeat(20)), CORRUPT, /it lacks what 1 deltas are of/],
  ['of a base of another size', () => withDelta(deltaOf(17, [[0, 5]])), CORRUPT, /a delta is of another base/],
  ['that copies from behind the base', () => withDelta(deltaOf(18, [[15, 10]])), CORRUPT, /a delta leads past an end/],
  ['that makes more than it states', () => withDelta(deltaOf(18, [[0, 10]], 5)), CORRUPT, /a delta leads past an end/],
  ['that makes less than it states', () => withDelta(deltaOf(18, [[0, 3]], 5)), CORRUPT, /a delta makes too little/],
  ['with a step of no kind', () => withDelta(Buffer.concat([deltaOf(18, [], 5), zeros(1)])), CORRUPT, /a delta has a step of no kind/],
  ['that ends inside a step', () => withDelta(deltaOf(18, [Buffer.from('model')]).subarray(0, 5)), CORRUPT, /a delta leads past an end/],
  ['that ends inside a copy', () => withDelta(deltaOf(18, [[0, 5]]).subarray(0, 5)), CORRUPT, /a delta ends inside a step/],
  ['that states no size', () => withDelta(Buffer.alloc(12, 0xff)), CORRUPT, /a delta states no size/],
  ['of nothing at all', () => withDelta(zeros(0)), CORRUPT, /a delta/],
  ['that states a result of a terabyte and a half', () => withDelta(deltaOf(18, [[0, 5]], 1.5 * 1024 ** 4)), UNSAFE, /more than \d+ bytes unpacked/],
])('a delta %s is refused', refused);

test('deltas that are of each other are refused', async () => {
  const [first, second]: Packed[] = [{ kind: 'ofsDelta', base: 0, content: deltaOf(5, [[0, 5]]) }, { kind: 'refDelta', base: MODEL.oid, content: deltaOf(5, [[0, 5]]) }];
  await refused('', () => packOf([...WITHOUT, { ...second! }, { ...first!, base: entryBytes(second!).length }]), CORRUPT, /it lacks what 2 deltas are of/);
});

describe('bombs', () => {
  // A base of a few bytes, copied again and again: each step of 8 bytes makes 64 KiB.
  const million = gitObject('blob', someBytes(64 * 1024));
  const copies = (times: number): Buffer => deltaOf(million.content.length, Array.from({ length: times }, () => [0, 64 * 1024] as const));

  test.each<[string, () => Buffer]>([
    ['an object that compresses to nothing', () => withBlob({ kind: 'blob', content: BOMB })],
    ['a delta that makes a lot of a little', () => packOf([...WITHOUT, packed(million), { kind: 'refDelta', base: million.oid, content: copies(1600) }])],
    ['many deltas that each make a little more', () => packOf([...WITHOUT, packed(million), ...Array.from({ length: 200 }, (_, i): Packed => ({ kind: 'refDelta', base: million.oid, content: deltaOf(million.content.length, [...Array.from({ length: 14 }, () => [0, 64 * 1024] as const), Buffer.from([i])]) }))])],
    ['a delta that itself compresses to nothing', () => withDelta(Buffer.concat([deltaOf(18, [], 5), BOMB]))],
  ])('%s is stopped before it fills the disk', async (what, pack) => {
    await refused(what, pack, UNSAFE, /more than 50 bytes for each packed one.*ISVC_ARCHIVE_MAX_RATIO/, SMALL_LIMIT);
  });
});

describe('on the way', () => {
  test('a pack whose last bytes are not its digest is fetched again, and then the source is to blame', async () => {
    let asked = 0;
    const origin = await fakeGit(GOOD, { pack: packOf(PACKED, { digest: zeros(20) }), before: (request) => {
      if (request.url?.endsWith('/git-upload-pack')) asked++;
      return false;
    } });
    const target = tempFolder();
    expect(await failureOf(fetchInto(target, `${origin}/models.git`, { ISVC_FETCH_ATTEMPTS: '3' }))).toEqual({ code: 'ISVC_FETCH_UNREACHABLE', line: expect.stringMatching(/given up after 3 attempts without progress: the digest of the pack is another than its last bytes say/) });
    expect(asked).toBe(1 + 3);
  });

  test.each([1, 12, 30, 100])('a pack that lacks its last %s bytes is not taken for whole', async (missing) => {
    const pack = packOf(PACKED);
    const origin = await fakeGit(GOOD, { pack: pack.subarray(0, pack.length - missing) });
    expect(await failureOf(fetchInto(tempFolder(), `${origin}/models.git`, { ISVC_FETCH_ATTEMPTS: '2' }))).toMatchObject({ code: 'ISVC_FETCH_UNREACHABLE', line: expect.stringContaining('the digest of the pack') });
  });
});

/** The good objects arrive, so that each refusal has its own reason. */
test('the pack that the others are made of is good', async () => {
  const target = tempFolder();
  await fetchInto(target, `${await fakeGit(GOOD, { pack: withDelta(deltaOf(18, [Buffer.from('model')])) })}/models.git`);
  expect(readdirSync(target).filter((name) => !name.startsWith('.')).sort()).toEqual(['base', 'model.bin']);
});

async function refused(_what: string, pack: () => Buffer, code: string, line: RegExp, env: Record<string, string> = {}): Promise<void> {
  const target = tempFolder();
  expect(await failureOf(fetchInto(target, `${await fakeGit(GOOD, { pack: pack() })}/models.git`, env))).toEqual({ code, line: expect.stringMatching(line) });
  expect(readdirSync(target)).toEqual([]);
}
