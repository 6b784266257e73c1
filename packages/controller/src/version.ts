import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version of the package this code is in. */
export const VERSION: string = (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { readonly version: string }).version;
