import { hasErrors, isInferenceGraph, isInferenceService, problemLine, type InferenceGraph, type InferenceService, type KubeObject } from '../../src/api';
import { render, renderGraph, worldFromObjects, type RenderResult, type World } from '../../src/render';
import type { KserveCase } from './kserve-case';
import { missingParts } from './missing-parts';
import { normalise } from './normalise';

/** One way in which our rendering of a case is not KServe's. */
export interface Deviation {
  readonly case: string;
  /** `Kind/name` of the object that KServe sent, or of the resource when the whole resource is judged otherwise. */
  readonly object: string;
  /** Field path, or `refused` (ours refuses what KServe takes), `accepted` (the reverse), `absent` (no such child). */
  readonly path: string;
  readonly detail: string;
}

/** Where our children of a case do not contain what KServe sent, or where only one of the two refuses it. */
export function deviationsOf(kserve: KserveCase): readonly Deviation[] {
  const { world } = worldFromObjects([...kserve.world, ...kserve.input]);
  const children: KubeObject[] = [];
  const refusals: Deviation[] = [];
  for (const resource of kserve.input) {
    const result = renderAny(resource, world);
    if (!result) continue;
    children.push(...result.children);
    if (hasErrors(result.problems)) {
      refusals.push({ case: kserve.id, object: `${resource.kind}/${resource.metadata.name}`, path: 'refused', detail: result.problems.map(problemLine).join(' | ') });
    }
  }
  if (!kserve.sent) {
    if (refusals.length > 0) return [];
    return [{ case: kserve.id, object: kserve.input[0]?.kind ?? '', path: 'accepted', detail: kserve.error ?? '' }];
  }
  if (refusals.length > 0) return refusals;
  return kserve.sent.flatMap((object) => objectDeviations(kserve.id, object, children));
}

/** What we make of a resource; undefined when it is none of ours. */
export function renderAny(resource: KubeObject, world: World): RenderResult | undefined {
  if (isInferenceService(resource)) return render(resource as InferenceService, world);
  return isInferenceGraph(resource) ? renderGraph(resource as InferenceGraph, world) : undefined;
}

function objectDeviations(id: string, sent: KubeObject, children: readonly KubeObject[]): readonly Deviation[] {
  const object = `${sent.kind}/${sent.metadata.name}`;
  const ours = children.find((c) => c.kind === sent.kind && c.apiVersion === sent.apiVersion && c.metadata.name === sent.metadata.name);
  if (!ours) return [{ case: id, object: sent.apiVersion.startsWith('serving.knative') ? `Knative${object}` : object, path: 'absent', detail: '' }];
  return missingParts(normalise(sent), normalise(ours)).map(({ path, wanted, found }) => ({
    case: id, object, path, detail: `KServe has ${JSON.stringify(wanted)}, ours ${JSON.stringify(found)}`,
  }));
}
