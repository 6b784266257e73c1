import { IsvcError, defaultInferenceService, hasErrors, validateInferenceService, type InferenceService } from '../api';
import { ignoredFields } from './ignored-fields';
import { isStopped, resolveMode } from './mode';
import { modelConfig } from './multi-model/multi-model';
import { toProblem } from './problems';
import { renderRaw } from './raw/render-raw';
import { lowestProtocol } from './select-runtime';
import { renderServerless } from './serverless/render-serverless';
import type { Decision, RenderResult, World } from './types';
import { buildVersion } from './versions';

/**
 * Turns one InferenceService into the children that it will have in this world, with a reason for every choice.
 *
 * Pure: the same resource and world give the same bytes, before apply (`cdk8s synth`, `isvc plan`) and after it (the
 * controller). Never throws for a bad resource; what is wrong comes back as problems, and then there are no children.
 */
export function render(resource: InferenceService, world: World): RenderResult {
  const { mode, decision } = resolveMode(resource, world);
  const found = validateInferenceService(resource, mode);
  const problems = hasErrors(found) ? found : [...found, ...ignoredFields(resource, mode)];
  if (hasErrors(problems)) return { mode, children: [], decisions: [decision], problems };
  if (isStopped(resource)) {
    return { mode, children: [], decisions: [decision, { topic: 'stop', choice: 'no children', because: 'the stop annotation is true' }], problems, stopped: true };
  }
  const service = defaultInferenceService(resource, world.config);
  try {
    const version = buildVersion(service, mode, world);
    const rendered = mode === 'Standard' ? renderRaw(service, version, world) : renderServerless(service, version, world);
    const { runtime } = version;
    const models = modelConfig(service, world);
    return {
      mode,
      // Before the pods that mount it.
      children: [...models.children, ...rendered.children],
      decisions: [decision, ...version.decisions, ...models.decisions, ...protocolDecision(service, runtime ? lowestProtocol(runtime) : undefined), ...rendered.decisions],
      problems: [...problems, ...(rendered.problems ?? [])],
      ...(runtime ? { runtime: { kind: runtime.kind, name: runtime.metadata.name } } : {}),
      endpoints: rendered.endpoints,
      ...(rendered.mirrorDoubt ? { mirrorDoubt: rendered.mirrorDoubt } : {}),
    };
  } catch (error) {
    if (!(error instanceof IsvcError)) throw error;
    return { mode, children: [], decisions: [decision], problems: [...problems, toProblem(error)] };
  }
}

function protocolDecision(service: InferenceService, lowest: string | undefined): readonly Decision[] {
  const asked = service.spec.predictor.model?.protocolVersion;
  if (asked) return [{ topic: 'protocol', choice: asked, because: 'the model asks for it' }];
  return lowest ? [{ topic: 'protocol', choice: lowest, because: 'the lowest that the runtime speaks' }] : [];
}
