import { spawnSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { fetchPart } from '../../../src/storage/download/fetch-part';
import { openSession } from '../../../src/storage/session';
import { runRuntime } from '../../support/runtime-process';
import { tarOfEntries } from '../support/archives';
import { failureOf } from '../support/fetch-into';
import { fakeClock } from '../support/fake-clock';
import { listen } from '../support/servers';
import { tempFolder } from '../../support/temp-folder';

test('a write that the disk has no room for names the disk, and is not tried again', async () => {
  const session = openSession({ env: {}, signal: new AbortController().signal, clock: fakeClock() });
  // A device that is always full.
  const handle = await open('/dev/full', 'w');
  let opened = 0;
  const file = { path: 'm.bin', size: undefined, version: '1', open: () => (opened++, Readable.from([Buffer.from('m')])) };
  try {
    const failing = fetchPart({ file, range: undefined }, { handle, digest: () => undefined }, session, session.signal);
    expect(await failureOf(failing)).toEqual({ code: 'ISVC_FETCH_SPACE', line: expect.stringMatching(/the model does not fit: the disk is full; give the volume or the node more space/) });
    expect(opened).toBe(1);
  } finally {
    await handle.close();
    session.close();
  }
});

// A file system of 1 MiB, seen by the fetcher alone. Not every machine lets its users make one.
const small = ['-Urm', 'sh', '-c', 'disk=$1; shift; mount -t tmpfs -o size=1m tmpfs "$disk" || exit 9; "$@"; code=$?; find "$disk" -mindepth 1; exit $code', 'sh'];
const canMount = spawnSync('unshare', [...small, tempFolder(), 'true']).status === 0;

(canMount ? test : test.skip).each<[string, string, Record<string, string>, Buffer]>([
  ['is known to be too large', 'm.bin', { 'content-length': String(2 << 20) }, Buffer.alloc(2 << 20, 'm')],
  ['turns out to be too large', 'm.bin', {}, Buffer.alloc(2 << 20, 'm')],
  ['is an archive whose content is too large', 'm.tar.gz', {}, gzipSync(tarOfEntries([{ name: 'm.bin', content: Buffer.alloc(2 << 20, 'm') }]))],
])('a model that %s leaves nothing behind', async (_what, name, headers, content) => {
  const origin = await listen((_, response) => void response.writeHead(200, { 'content-type': 'application/octet-stream', ...headers }).end(content));
  const target = tempFolder();
  const run = runRuntime(['fetch', `${origin}/${name}`, `${target}/model`], {}, ['unshare', ...small, target]);
  expect(await run.exit).toBe(1);
  expect(run.stdout()).toBe('');
  expect(run.stderr()).toMatch(/the model does not fit: .*; give the volume or the node more space, or raise sizeLimit and ephemeral-storage \[ISVC_FETCH_SPACE\]/);
});
