import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** Those of `owner-loop.ts`, whose names are put together. */
const BY_KIND = ['services', 'graphs', 'models'].map((plural) => `isvc_controller_${plural}`);
const QUEUES = ['graphs', 'models'].map((plural) => `isvc_controller_${plural}_queue_depth`);

function namesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(ROOT, folder, file), 'utf8').matchAll(/(?:name: |gauge\(.*)'((?:isvc|request)_[a-z_]+)'/g)].map((match) => match[1] ?? ''));
}

test('the page of metrics has each of the server and of the controller, and no other', () => {
  const page = readFileSync(join(ROOT, 'docs/reference/metrics.md'), 'utf8');
  const listed = [...page.matchAll(/`((?:isvc|request)_[a-z_]+)`/g)].map((match) => match[1]);
  expect(listed.sort()).toEqual([...namesIn('packages/runtime/src/metrics'), ...namesIn('packages/controller/src'), ...BY_KIND, ...QUEUES].sort());
});
