import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';

/** Files of model servers that lie beside a model and have an extension of models. */
const SETTINGS = ['model-settings.json', 'settings.json'];

/** How many names of a wrong directory an error lists before it only counts. */
const NAMES_SHOWN = 8;

/**
 * The one model file of a directory, as KServe looks for it: top level only, files only, a plain suffix test.
 *
 * @param extensions with the dot, lower case. @param shared extensions that count only where no file has one of the
 * former, because files beside a model have them, too (`requirements.txt`, `metadata.json`).
 * @returns its path.
 * @throws IsvcError ISVC_MODEL_NOT_FOUND for none, ISVC_MODEL_AMBIGUOUS for more than one.
 */
export async function findModelFile(directory: string, extensions: readonly string[], shared: readonly string[] = []): Promise<string> {
  const names = (await listDirectory(directory)).filter((name) => !SETTINGS.includes(name));
  const having = (wanted: readonly string[]): string[] => names.filter((name) => wanted.some((extension) => name.endsWith(extension)));
  const own = having(extensions);
  const matches = own.length > 0 ? own : having(shared);
  const [only] = matches;
  if (only === undefined) {
    throw new IsvcError('ISVC_MODEL_NOT_FOUND', `no model file; looked for ${globs([...extensions, ...shared])}, the directory holds ${listed(names)}`, {
      path: directory,
      hint: 'put exactly one model file at the top level of the model directory',
    });
  }
  if (matches.length > 1) {
    throw new IsvcError('ISVC_MODEL_AMBIGUOUS', `${matches.length} model files where one is allowed: ${listed(matches)}`, {
      path: directory,
      hint: 'keep one of them, or point storageUri at the file itself',
    });
  }
  return join(directory, only);
}

/** Names of the files of a directory, sorted; links count by what they point at, because mounted volumes are made of them. */
async function listDirectory(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const names = await Promise.all(entries.map(async (entry) => {
      const isFile = entry.isSymbolicLink() ? await pointsAtFile(join(directory, entry.name)) : entry.isFile();
      return isFile ? [entry.name] : [];
    }));
    return names.flat().sort();
  } catch (error) {
    throw new IsvcError('ISVC_MODEL_NOT_FOUND', `the model directory cannot be read: ${messageOf(error)}`, {
      path: directory,
      hint: `check that storage was fetched to ${basename(directory)}`,
      cause: error,
    });
  }
}

async function pointsAtFile(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isFile();
  } catch {
    // A link to nothing is no model; the listing in the error shows what else there is.
    return false;
  }
}

function globs(extensions: readonly string[]): string {
  return extensions.map((extension) => `*${extension}`).join(', ');
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'no files';
  const rest = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
