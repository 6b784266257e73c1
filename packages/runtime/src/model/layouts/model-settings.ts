import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { ContentTypes } from '../content-types';
import { folderEntries } from './folder-entries';
import type { ModelLocation } from './model-location';

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
 * The model that a `model-settings.json` describes: `name`, `parameters.uri`, `parameters.version` and the content types of
 * `parameters` and `inputs` have an effect. The format is that of the file, whatever `implementation` says.
 *
 * @param root no model may lie outside of it. @param fallback name of a model whose settings have none and lie in `root`.
 */
export async function modelOfSettings(settings: string, root: string, fallback: string): Promise<ModelLocation> {
  const folder = dirname(settings);
  const folderName = folder === root ? fallback : basename(folder);
  const file = relative(root, settings);
  try {
    const { name, uri, version, contentTypes } = await readSettings(settings, file);
    return { name: name ?? folderName, ...(version === undefined ? {} : { version }), path: await resolveUri(uri, folder, root, file), ...(contentTypes ? { contentTypes } : {}) };
  } catch (error) {
    if (error instanceof IsvcError) return { name: folderName, path: folder, problem: error };
    throw error;
  }
}

interface Settings {
  readonly name?: string;
  readonly uri?: string;
  readonly version?: string;
  readonly contentTypes?: ContentTypes;
}

async function readSettings(path: string, file: string): Promise<Settings> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new IsvcError('ISVC_MODEL_CORRUPT', `is no JSON: ${messageOf(error)}`, { path: file, cause: error });
  }
  const { name, parameters, inputs } = fieldsOf(json);
  const { uri, version, content_type: contentType } = fieldsOf(parameters);
  const text = (value: unknown, field: string): string | undefined => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' && value !== '') return value;
    throw new IsvcError('ISVC_MODEL_CORRUPT', `${field} is ${JSON.stringify(value).slice(0, 60)}, expected a text`, { path: file });
  };
  const [n, u, v] = [text(name, 'name'), text(uri, 'parameters.uri'), text(version, 'parameters.version')];
  return { ...(n === undefined ? {} : { name: n }), ...(u === undefined ? {} : { uri: u }), ...(v === undefined ? {} : { version: v }), ...contentTypesOf(text(contentType, 'parameters.content_type'), inputs) };
}

function contentTypesOf(request: string | undefined, inputs: unknown): Pick<Settings, 'contentTypes'> {
  const own = new Map<string, string>();
  for (const input of Array.isArray(inputs) ? (inputs as readonly unknown[]) : []) {
    const { name, parameters } = fieldsOf(input);
    const { content_type: type } = fieldsOf(parameters);
    if (typeof name === 'string' && typeof type === 'string') own.set(name, type);
  }
  return request === undefined && own.size === 0 ? {} : { contentTypes: { ...(request === undefined ? {} : { request }), inputs: own } };
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

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
