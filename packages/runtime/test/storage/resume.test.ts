import { readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { runRuntime } from '../support/runtime-process';
import { tempFolder } from '../support/temp-folder';
import { until } from '../../../../test/support/until';
import { someBytes } from './support/bytes';
import { answerFile } from './support/file-server';
import { listen } from './support/servers';

test.each(['SIGKILL', 'SIGTERM'] as const)('a fetch ended by %s goes on where it was', async (signal) => {
  const content = someBytes(400_000);
  const held: ServerResponse[] = [];
  let holding = true;
  let sent = 0;
  const origin = await listen((request, response) => {
    // From the fourth part on nothing comes, until the first process is gone.
    if (holding && Number(/^bytes=(\d+)/.exec(request.headers.range ?? '')?.[1]) >= 150_000) return void held.push(response);
    if (!holding && request.headers.range !== 'bytes=0-0') sent++;
    answerFile(request, response, content);
  });
  const target = join(tempFolder(), 'model');
  const env = { ISVC_FETCH_PART_MIB: String(50_000 / 1024 ** 2), ISVC_FETCH_CONNECTIONS: '1' };
  const first = runRuntime(['fetch', `${origin}/m.bin`, target], env);
  await until('the fourth part: asked for', () => held.length > 0);
  first.child.kill(signal);
  expect(await first.exit).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 143);
  expect(readdirSync(join(target, '..'))).toEqual([expect.stringMatching(/^\.isvc-fetch-model-[0-9a-f]{16}$/)]);
  holding = false;
  const second = runRuntime(['fetch', `${origin}/m.bin`, target], env);
  expect({ exit: await second.exit, sent }).toEqual({ exit: 0, sent: 5 });
  expect(second.stderr()).toMatch(/: 1 file, 250000 bytes fetched/);
  expect(readFileSync(join(target, 'm.bin')).equals(content)).toBe(true);
  expect(readdirSync(join(target, '..'))).toEqual(['model']);
});
