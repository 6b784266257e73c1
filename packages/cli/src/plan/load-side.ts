import { isInferenceGraph, isInferenceService, problemLine, type KubeObject } from 'cdk8s-kserve/api';
import { renderResources, type ResourceChildren } from 'cdk8s-kserve/plan';
import { worldFromObjects } from 'cdk8s-kserve/render';
import { checkManifests } from '../manifests/check-manifests';
import { loadFolder } from '../manifests/load-folder';
import type { LocatedProblem, Manifest } from '../manifests/manifest';

/** One side of a plan: its resources with the children that they have there. */
export interface PlanSide {
  readonly resources: readonly ResourceChildren[];
  readonly objects: readonly KubeObject[];
  readonly problems: readonly LocatedProblem[];
}

/**
 * Renders the services and graphs of a folder; the folder, and what is given beside it, is their world.
 *
 * @param further objects of that world that lie in no folder.
 */
export async function loadSide(folder: string, worldFolders: readonly string[], further: readonly Manifest[] = []): Promise<PlanSide> {
  const loaded = await loadFolder(folder);
  const beside = [...(await worldObjects(worldFolders)), ...further];
  return renderSide(loaded.manifests, beside, loaded.problems);
}

export async function worldObjects(folders: readonly string[]): Promise<readonly Manifest[]> {
  const loaded = await Promise.all(folders.map(loadFolder));
  // Services and graphs of a world folder are not what is planned.
  return loaded.flatMap((l) => l.manifests).filter((m) => !isInferenceService(m.object) && !isInferenceGraph(m.object));
}

export function renderSide(manifests: readonly Manifest[], beside: readonly Manifest[], parseProblems: readonly LocatedProblem[]): PlanSide {
  const objects = manifests.map((m) => m.object);
  const { world, problems } = worldFromObjects([...objects, ...beside.map((m) => m.object)]);
  const configProblems = problems.map((p): LocatedProblem => ({ file: 'inferenceservice-config', position: { line: 1, column: 1 }, code: p.code, severity: p.severity, message: problemLine(p) }));
  const checked = checkManifests([...manifests, ...beside]);
  return { resources: renderResources(objects, world), objects, problems: [...parseProblems, ...checked, ...configProblems.filter((p) => !checked.some((c) => c.code === p.code))] };
}
