import { isInferenceService, type InferenceService, type KubeObject } from '../api';
import { render, type World } from '../render';
import type { ServiceChildren } from './types';

/** Renders every InferenceService among some objects in one world. */
export function renderServices(objects: readonly KubeObject[], world: World): readonly ServiceChildren[] {
  return objects.filter(isInferenceService).map((object) => {
    const { mode, children, decisions, problems } = render(object as InferenceService, world);
    return { namespace: object.metadata.namespace ?? 'default', name: object.metadata.name, mode, children, decisions, problems };
  });
}
