import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { isModelFile, isModelFolder } from '../model-files';
import { type FolderEntries, folderEntries } from './folder-entries';
import { MODEL_SETTINGS, findModelSettings, modelOfSettings } from './model-settings';
import type { FoundModels, ModelLocation } from './model-location';
import { isVersioned, versionsOf } from './versioned-model';

/** The name a server gives its model where nobody gave one. */
export const DEFAULT_MODEL_NAME = 'model';

/**
 * The models of a folder, whatever its layout: one model file, MLServer's settings, versions of one model, a folder for each.
 *
 * @param root a folder, or a model file. @param modelName of a model that nothing else names.
 */
export async function findModels(root: string, modelName: string): Promise<FoundModels> {
  const single: FoundModels = { layout: 'single', models: [{ name: modelName, path: root }] };
  const isFolder = (await stat(root).catch(() => undefined))?.isDirectory();
  // What is wrong with a folder that is not there, the loader of one model says best.
  if (!isFolder) return single;
  const entries = await folderEntries(root);
  if (isModelFolder(entries.files)) return single;
  const settings = await findModelSettings(root);
  const [first] = settings;
  if (first === join(root, MODEL_SETTINGS) && settings.length === 1) return oneOfSettings(first, root, modelName);
  if (first !== undefined) {
    return { layout: 'mlserver', models: withoutDoubles(await Promise.all(settings.map((path) => modelOfSettings(path, root, modelName)))) };
  }
  if (entries.files.some((file) => isModelFile(file, 'own'))) return single;
  if (isVersioned(entries)) return { layout: 'versions', models: await versionsOf(root, modelName, entries) };
  const below = await Promise.all(entries.folders.map(async (name) => [name, await folderEntries(join(root, name))] as const));
  // A folder of something else beside one model does not make it a repository.
  if (!below.some(([, inside]) => holdsModel(inside))) return single;
  const models = await Promise.all(below.map(([name, inside]) => modelsOfFolder(join(root, name), name, inside)));
  return { layout: 'folders', models: models.flat() };
}

/** The name on the command line is what the control plane asks for, so it counts more than one in a file. */
async function oneOfSettings(settings: string, root: string, modelName: string): Promise<FoundModels> {
  const found = await modelOfSettings(settings, root, modelName);
  return { layout: 'single', models: [modelName === DEFAULT_MODEL_NAME ? found : { ...found, name: modelName }] };
}

async function modelsOfFolder(folder: string, name: string, entries: FolderEntries): Promise<readonly ModelLocation[]> {
  return isVersioned(entries) ? versionsOf(folder, name, entries) : [{ name, path: folder }];
}

function holdsModel(entries: FolderEntries): boolean {
  return isVersioned(entries) || isModelFolder(entries.files) || entries.files.some((file) => isModelFile(file, 'any'));
}

/** Two models of one name and version are both refused: which of them answered would be chance. */
function withoutDoubles(models: readonly ModelLocation[]): readonly ModelLocation[] {
  const keyOf = ({ name, version }: ModelLocation): string => JSON.stringify([name, version]);
  const counts = new Map<string, number>();
  for (const model of models) counts.set(keyOf(model), (counts.get(keyOf(model)) ?? 0) + 1);
  const seen = new Set<string>();
  return models.flatMap((model) => {
    const count = counts.get(keyOf(model)) ?? 0;
    if (count === 1) return [model];
    if (seen.has(keyOf(model))) return [];
    seen.add(keyOf(model));
    const version = model.version === undefined ? '' : ` of version ${model.version}`;
    const problem = new IsvcError('ISVC_MODEL_AMBIGUOUS', `${count} model-settings.json describe a model "${model.name}"${version}`, { hint: 'give each a name or a parameters.version of its own' });
    return [{ ...model, problem }];
  });
}
