// `node scripts/cluster/transcript.mjs`: writes docs/how-to/on-a-real-api-server.md from what kubectl prints on a real API server.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { status } = spawnSync(process.execPath, [join(here, 'test.mjs'), 'transcript'], { stdio: 'inherit', env: { ...process.env, ISVC_WRITE_TRANSCRIPT: '1' } });
process.exitCode = status ?? 1;
