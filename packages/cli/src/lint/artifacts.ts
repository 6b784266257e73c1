import { stat } from 'node:fs/promises';
import type { Artifact, WantedArtifact } from 'cdk8s-kserve/lint';

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
  const { inspectTritonRepository, mappedFolder } = await import('cdk8s-kserve-runtime');
  const folders = new Map(Object.entries(map));
  for (const { uri } of wanted) {
    const place = mappedFolder(uri, folders) ?? (uri.startsWith(FILE) ? uri.slice(FILE.length) : undefined);
    if (place === undefined || !(await stat(place).catch(() => undefined))?.isDirectory()) continue;
    const triton = await inspectTritonRepository(place);
    if (triton) artifacts.set(uri, { place, triton });
  }
  return artifacts;
}
