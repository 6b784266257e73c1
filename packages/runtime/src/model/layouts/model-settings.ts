import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { folderEntries } from './folder-entries';
import type { ModelLocation } from './model-location';
import { readSettings } from './read-settings';

export const MODEL_SETTINGS = 'model-settings.json';

/** Folders below each other that are looked through. */
const MAX_DEPTH = 6;

/** Every `model-settings.json` of a folder and the folders below it, as MLServer looks for them. */
export async function findModelSettings(folder: string, depth = 0): Promise<readonly string[]> {
  const { files, folders } = await folderEntries(folder);
  const own = files.includes(MODEL_SETTINGS) ? [join(folder, MODEL_SETTINGS)] : [];
  if (depth >= MAX_DEPTH) return own;
  const below: string[] = [];
  for (const name of folders) below.push(...(await findModelSettings(join(folder, name), depth + 1)));
  return [...own, ...below];
}

/**
 * The model that a `model-settings.json` describes.
 *
 * @param root no model may lie outside of it. @param fallback name of a model whose settings have none and lie in `root`.
 */
export async function modelOfSettings(settings: string, root: string, fallback: string): Promise<ModelLocation> {
  const folder = dirname(settings);
  const folderName = folder === root ? fallback : basename(folder);
  const file = relative(root, settings);
  try {
    const { name, uri, ...said } = await readSettings(settings, file);
    return { ...said, name: name ?? folderName, path: await resolveUri(uri, folder, root, file) };
  } catch (error) {
    if (error instanceof IsvcError) return { name: folderName, path: folder, problem: error };
    throw error;
  }
}

async function resolveUri(uri: string | undefined, folder: string, root: string, file: string): Promise<string> {
  if (uri === undefined) return folder;
  const path = isAbsolute(uri) ? uri : join(folder, uri);
  const real = await realpath(path).catch((error: unknown) => {
    throw new IsvcError('ISVC_MODEL_NOT_FOUND', `parameters.uri is ${JSON.stringify(uri)}, which is not there`, { path: file, hint: 'give the path of the model file, relative to this file', cause: error });
  });
  const fromRoot = relative(await realpath(root), real);
  if (fromRoot === '..' || fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot)) {
    throw new IsvcError('ISVC_MODEL_FORBIDDEN', `parameters.uri is ${JSON.stringify(uri)}, which lies outside the model folder`, { path: file, hint: 'give a path below the folder that the server was started with' });
  }
  return path;
}
