import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';

const FORM = /^([a-z][a-z0-9+.-]*:\/\/[^=]+)=(.+)$/i;

/**
 * Reads `--map URI=FOLDER` options: where, on this machine, the models of an address prefix lie.
 *
 * @throws IsvcError ISVC_CLI_USAGE for a wrong form, a folder that does not exist, or one prefix mapped twice.
 */
export function parseSourceMap(options: readonly string[]): Readonly<Record<string, string>> {
  const map: Record<string, string> = {};
  for (const option of options) {
    const [, uri, folder] = FORM.exec(option) ?? [];
    if (!uri || !folder) {
      throw new IsvcError('ISVC_CLI_USAGE', `--map must read URI=FOLDER, got "${option}"`, { hint: 'for example --map pvc://iris-models=./models' });
    }
    const path = resolve(folder);
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new IsvcError('ISVC_CLI_USAGE', `--map ${uri}: ${folder} is not a folder`, { hint: 'name the folder that holds the models' });
    }
    const prefix = uri.replace(/\/+$/, '');
    if (map[prefix] !== undefined) throw new IsvcError('ISVC_CLI_USAGE', `--map names ${prefix} twice`, { hint: 'keep one of them' });
    map[prefix] = path;
  }
  return map;
}
