import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version of this package, from its package.json so that there is one place to change. */
export const RUNTIME_VERSION = readVersion();

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}
