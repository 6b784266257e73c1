import { join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import type { FolderEntries } from './folder-entries';
import type { ModelLocation } from './model-location';
import { readTritonConfig, servedVersions } from './triton-config';

const CONFIG = 'config.pbtxt';

/** Whether a folder is one model of Triton's or TensorFlow Serving's layout: folders named by numbers, maybe a `config.pbtxt`. */
export function isVersioned({ files, folders }: FolderEntries): boolean {
  return files.includes(CONFIG) || (files.length === 0 && folders.some(isVersion));
}

/** The versions of a model that are served; without `version_policy` the highest, as Triton does. */
export async function versionsOf(folder: string, name: string, entries: FolderEntries): Promise<readonly ModelLocation[]> {
  const hasConfig = entries.files.includes(CONFIG);
  try {
    const config = hasConfig ? await readTritonConfig(join(folder, CONFIG), `${name}/${CONFIG}`) : undefined;
    if (config?.name !== undefined && config.name !== name) {
      throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `names the model "${config.name}", its folder names it "${name}"`, { path: `${name}/${CONFIG}`, hint: 'make the two equal, or leave the name out' });
    }
    if (config && !isPlainName(config.modelFile)) {
      throw new IsvcError('ISVC_MODEL_FORBIDDEN', `default_model_filename is ${JSON.stringify(config.modelFile.slice(0, 100))}, which is no name of a file`, { path: `${name}/${CONFIG}` });
    }
    const versions = servedVersions(config?.versions ?? { latest: 1 }, entries.folders.filter(isVersion));
    if (versions.length === 0) {
      throw new IsvcError('ISVC_MODEL_NOT_FOUND', 'has no version to serve: a folder named by a number with the model in it', { path: name, hint: `lay the model out as ${name}/1/model.onnx` });
    }
    return versions.map((version) => ({ name, version, path: config ? join(folder, version, config.modelFile) : join(folder, version) }));
  } catch (error) {
    if (error instanceof IsvcError) return [{ name, path: folder, problem: error }];
    throw error;
  }
}

/** @param name of a folder. */
function isVersion(name: string): boolean {
  return /^[1-9]\d{0,17}$/.test(name);
}

function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}
