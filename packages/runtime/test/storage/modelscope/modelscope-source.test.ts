import type { IncomingMessage } from 'node:http';
import { failureOf, fetched } from '../support/fetch-into';
import { answerFile } from '../support/file-server';
import { listen } from '../support/servers';

type Entry = { readonly Path: string; readonly Type: 'blob' | 'tree'; readonly Size: number };

const blob = (path: string): Entry => ({ Path: path, Type: 'blob', Size: 1 });
const tree = (path: string): Entry => ({ Path: path, Type: 'tree', Size: 0 });

/** A hub that cuts its listings; what it was asked is kept. */
function hub(paths: readonly string[], folders: readonly string[], most: number, seen: string[] = []): Promise<string> {
  return listen((request: IncomingMessage, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://x');
    if (!pathname.endsWith('/files')) return answerFile(request, response, Buffer.from('m'));
    const [root, recursive] = [query.get('Root') ?? '', query.get('Recursive') === 'True'];
    seen.push(`${root || '/'} ${recursive ? 'all' : 'direct'} at ${query.get('Revision')}`);
    const below = (path: string): boolean => root === '' || path.startsWith(`${root}/`);
    const rest = (path: string): string => (root === '' ? path : path.slice(root.length + 1));
    const entries = [...folders.map(tree), ...paths.map(blob)].filter(({ Path }) => below(Path) && (recursive || !rest(Path).includes('/')));
    response.end(JSON.stringify({ Code: 200, Success: true, Data: { Files: entries.slice(0, most) } }));
  });
}

test('a repository is listed in one request, of master where no revision is named', async () => {
  const seen: string[] = [];
  const files = await fetched('modelscope://org/iris', { MODELSCOPE_ENDPOINT: await hub(['a.bin', 'sub/b.bin'], ['sub'], 3000, seen) });
  expect(Object.keys(files)).toEqual(['a.bin', 'sub/b.bin']);
  expect(seen).toEqual(['/ all at master']);
});

test('where the hub cuts the list it is asked folder by folder', async () => {
  const paths = ['one', 'two'].flatMap((folder) => Array.from({ length: 1999 }, (_, i) => `${folder}/${i}.bin`));
  const seen: string[] = [];
  const origin = await hub([...paths, 'top.bin'], ['one', 'two'], 3000, seen);
  const files = await fetched('modelscope://org/iris:v2', { MODELSCOPE_ENDPOINT: origin, STORAGE_ALLOW_PATTERNS: '*/1998.bin,top.bin' });
  expect(Object.keys(files)).toEqual(['one/1998.bin', 'top.bin', 'two/1998.bin']);
  expect(seen).toEqual(['/ all at v2', '/ direct at v2', 'one all at v2', 'two all at v2']);
});

test('a folder that no listing can show whole is refused', async () => {
  const origin = await hub(Array.from({ length: 3100 }, (_, i) => `${i}.bin`), [], 3000);
  expect(await failureOf(fetched('modelscope://org/iris', { MODELSCOPE_ENDPOINT: origin }))).toEqual({ code: 'ISVC_FETCH_IO', line: expect.stringMatching(/the folder "\/" holds 3000 entries or more/) as string });
});

test.each([
  ['modelscope://iris', /does not name an owner and a model; write it as modelscope:\/\/OWNER\/MODEL/],
  ['modelscope://org/iris/more', /does not name an owner and a model/],
])('%s says how to write it', async (uri, line) => {
  expect(await failureOf(fetched(uri))).toEqual({ code: 'ISVC_FETCH_NOT_FOUND', line: expect.stringMatching(line) as string });
});

test('what the hub says is passed on', async () => {
  const origin = await listen((_request, response) => void response.end(JSON.stringify({ Code: 10010205001, Success: false, Message: 'record not found' })));
  expect((await failureOf(fetched('modelscope://org/iris', { MODELSCOPE_ENDPOINT: origin }))).line).toMatch(/modelscope: record not found; check owner, model and revision/);
});
