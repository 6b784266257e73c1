import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverFlagsPage } from '../../scripts/server-flags-page';

test('docs/reference/server-flags.md is what the table of flags says; "npm run generate" writes it', () => {
  expect(readFileSync(join(__dirname, '../../docs/reference/server-flags.md'), 'utf8')).toBe(serverFlagsPage());
});
