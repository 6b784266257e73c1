import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { type TextProtoMessage, type TextProtoValue, parseTextProto, textProtoValue } from '../formats/protobuf/text-proto';
import { type FolderEntries, folderEntries } from '../model/layouts/folder-entries';

/** A folder of Triton's layout, `REPOSITORY/MODEL/VERSION/model.onnx`. */
export interface TritonRepository {
  /** Which part of the layout the folder is. */
  readonly level: 'repository' | 'model' | 'version';
  /** Models that have a `config.pbtxt`: the folder's own, or those in it. */
  readonly models: readonly TritonModelConfig[];
}

/** What of a `config.pbtxt` says whether Triton would load the model. */
export interface TritonModelConfig {
  readonly folder: string;
  readonly name?: string;
  /** The `backend`, or the older `platform`. */
  readonly backend?: string;
  readonly maxBatchSize: number;
  readonly dynamicBatching: boolean;
  /** Indices of the GPUs that its instance groups ask for. */
  readonly gpus: readonly number[];
  /** Why the file cannot be read; the other fields then say nothing. */
  readonly problem?: string;
}

const CONFIG = 'config.pbtxt';
/** Names that Triton's backends look for in the folder of a version. */
const MODEL_FILE = /^model\.(onnx|plan|pt|py|graphdef|savedmodel|json|xml|bin|dali)$/;
const VERSION = /^\d+$/;

/**
 * Reads what Triton would read first of a folder, whatever its backends are; weights are not looked at.
 *
 * @returns undefined where nothing looks like Triton's layout.
 */
export async function inspectTritonRepository(path: string): Promise<TritonRepository | undefined> {
  const entries = await folderEntries(path);
  if (entries.files.includes(CONFIG)) return { level: 'model', models: [await readConfig(path)] };
  if (isVersion(entries)) return { level: 'version', models: [] };
  const below = await Promise.all(entries.folders.map(async (name) => [name, await folderEntries(join(path, name))] as const));
  if (below.some(([name, inside]) => VERSION.test(name) && isVersion(inside))) return { level: 'model', models: [] };
  const models = below.filter(([, inside]) => inside.files.includes(CONFIG)).map(([name]) => name);
  if (models.length === 0 && !below.some(([, inside]) => inside.folders.some((name) => VERSION.test(name)))) return undefined;
  return { level: 'repository', models: await Promise.all(models.map((name) => readConfig(join(path, name)))) };
}

/** Whether the files of a version stand here. */
function isVersion({ files, folders }: FolderEntries): boolean {
  return !files.includes(CONFIG) && [...files, ...folders].some((name) => MODEL_FILE.test(name));
}

async function readConfig(folder: string): Promise<TritonModelConfig> {
  const nothing = { folder: basename(folder), maxBatchSize: 0, dynamicBatching: false, gpus: [] };
  try {
    const message = parseTextProto(await readFile(join(folder, CONFIG), 'utf8'), CONFIG);
    const name = textProtoValue(message, 'name');
    const backend = textProtoValue(message, 'backend') ?? textProtoValue(message, 'platform');
    return {
      ...nothing, ...(typeof name === 'string' ? { name } : {}), ...(typeof backend === 'string' ? { backend } : {}),
      maxBatchSize: numberOf(textProtoValue(message, 'max_batch_size')) ?? 0,
      dynamicBatching: message.has('dynamic_batching'),
      gpus: (message.get('instance_group') ?? []).filter(isMessage).flatMap((group) => (group.get('gpus') ?? []).flatMap((gpu) => numberOf(gpu) ?? [])),
    };
  } catch (error) {
    if (error instanceof IsvcError) return { ...nothing, problem: error.message };
    throw error;
  }
}

function isMessage(value: TextProtoValue): value is TextProtoMessage {
  return typeof value !== 'string';
}

function numberOf(value: TextProtoValue | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
