import { isInferenceGraph, isInferenceService, type InferenceGraph, type InferenceService, type KubeObject } from '../api';
import { render, renderGraph, type World } from '../render';
import type { ResourceChildren } from './types';

/** Renders every InferenceService and InferenceGraph among some objects in one world. */
export function renderResources(objects: readonly KubeObject[], world: World): readonly ResourceChildren[] {
  return objects.flatMap((object): readonly ResourceChildren[] => {
    const graph = isInferenceGraph(object);
    if (!graph && !isInferenceService(object)) return [];
    const { mode, children, decisions, problems } = graph ? renderGraph(object as InferenceGraph, world) : render(object as InferenceService, world);
    const { namespace = 'default', name } = object.metadata;
    return [{ kind: graph ? 'InferenceGraph' : 'InferenceService', namespace, name, mode, children, decisions, problems }];
  });
}
