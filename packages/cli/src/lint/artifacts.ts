import { readdir, stat } from 'node:fs/promises';
import type { Artifact, ArtifactModel, WantedArtifact } from 'cdk8s-kserve/lint';
import { isIsvcError } from '../foreign-error';

const FILE = 'file://';

/**
 * What lies on this machine for the addresses that rules want to know more of: of `file://` addresses and of those that
 * `map` gives a folder for. Nothing is fetched and nothing in a model is run.
 *
 * @param map folder by address prefix, as `--map` has them.
 */
export async function readArtifacts(wanted: readonly WantedArtifact[], map: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Artifact>> {
  const artifacts = new Map<string, Artifact>();
  if (wanted.length === 0) return artifacts;
  // The readers of all formats are loaded only where there is something to read.
  const { mappedFolder } = await import('cdk8s-kserve-runtime');
  const folders = new Map(Object.entries(map));
  for (const { uri, server } of wanted) {
    const mapped = mappedFolder(uri, folders);
    const place = mapped ?? (uri.startsWith(FILE) ? uri.slice(FILE.length) : undefined);
    if (place === undefined) continue;
    const kind = await kindOf(place);
    // A file:// address names a place in the pod; that this machine has none there says nothing.
    if (kind === 'archive' || (kind === undefined && mapped === undefined)) continue;
    const found = server === 'triton' ? await readTriton(place, kind) : { models: await readModels(place) };
    artifacts.set(uri, { ...artifacts.get(uri), place, ...found });
  }
  return artifacts;
}

/** Archives are unpacked when they are fetched, so what is in them is not looked at. */
async function kindOf(place: string): Promise<'archive' | 'file' | 'folder' | undefined> {
  const { archiveKindOf } = await import('cdk8s-kserve-runtime');
  const stats = await stat(place).catch(() => undefined);
  if (!stats) return undefined;
  const names = stats.isDirectory() ? await readdir(place) : [place];
  if (names.some((name) => archiveKindOf(name) !== undefined)) return 'archive';
  return stats.isDirectory() ? 'folder' : 'file';
}

async function readTriton(place: string, kind: 'file' | 'folder' | undefined): Promise<Pick<Artifact, 'triton'>> {
  if (kind !== 'folder') return {};
  const { inspectTritonRepository } = await import('cdk8s-kserve-runtime');
  const triton = await inspectTritonRepository(place);
  return triton ? { triton } : {};
}

async function readModels(place: string): Promise<readonly ArtifactModel[]> {
  const { inspectModel } = await import('cdk8s-kserve-runtime');
  try {
    const { models } = await inspectModel(place);
    return models.map(({ name, file, format, refusal }) => ({ name, file, ...(format === undefined ? {} : { format }), ...(refusal ? { refusal } : {}) }));
  } catch (error) {
    if (!isIsvcError(error)) throw error;
    return [{ name: '', file: '', refusal: { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) } }];
  }
}
