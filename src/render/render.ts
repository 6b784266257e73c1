import {
  ANNOTATION, IsvcError, MODE_ALIASES, TerminalError, defaultInferenceService, hasErrors, modeAnnotation, parseMode, validateInferenceService,
  type DeploymentMode, type InferenceService, type Problem,
} from '../api';
import { predictorPod } from './pod/predictor-pod';
import { renderRaw } from './raw/render-raw';
import { lowestProtocol } from './select-runtime';
import { renderServerless } from './serverless/render-serverless';
import type { Decision, RenderResult, World } from './types';

/**
 * Turns one InferenceService into the children that it will have in this world, with a reason for every choice.
 *
 * Pure: the same resource and world give the same bytes, before apply (`cdk8s synth`, `isvc plan`) and after it (the
 * controller). Never throws for a bad resource; what is wrong comes back as problems, and then there are no children.
 */
export function render(resource: InferenceService, world: World): RenderResult {
  const { mode, decision } = resolveMode(resource, world);
  const problems = [...validateInferenceService(resource)];
  if (hasErrors(problems)) return { mode, children: [], decisions: [decision], problems };
  const service = defaultInferenceService(resource, world.config);
  const unsupported = findUnsupported(service);
  if (unsupported.length > 0) return { mode, children: [], decisions: [decision], problems: [...problems, ...unsupported] };
  try {
    const built = predictorPod(service, world);
    const rendered = mode === 'Standard' ? renderRaw(service, built, world) : renderServerless(service, built, world);
    const { runtime } = built;
    return {
      mode,
      children: rendered.children,
      decisions: [decision, ...built.decisions, ...protocolDecision(service, built.runtime ? lowestProtocol(built.runtime) : undefined), ...rendered.decisions],
      problems,
      ...(runtime ? { runtime: { kind: runtime.kind, name: runtime.metadata.name } } : {}),
      endpoints: rendered.endpoints,
    };
  } catch (error) {
    if (!(error instanceof IsvcError)) throw error;
    return { mode, children: [], decisions: [decision], problems: [...problems, toProblem(error)] };
  }
}

function resolveMode(service: InferenceService, world: World): { readonly mode: DeploymentMode; readonly decision: Decision } {
  const annotated = modeAnnotation(service);
  const mode = annotated === undefined ? undefined : parseMode(annotated);
  if (mode) return { mode, decision: { topic: 'mode', choice: mode, because: `annotation ${ANNOTATION.deploymentMode} is ${annotated}` } };
  const fallback = world.config.deploy.defaultDeploymentMode;
  return { mode: MODE_ALIASES[fallback], decision: { topic: 'mode', choice: MODE_ALIASES[fallback], because: `the platform's default is ${fallback}` } };
}

function protocolDecision(service: InferenceService, lowest: string | undefined): readonly Decision[] {
  const asked = service.spec.predictor.model?.protocolVersion;
  if (asked) return [{ topic: 'protocol', choice: asked, because: 'the model asks for it' }];
  return lowest ? [{ topic: 'protocol', choice: lowest, because: 'the lowest that the runtime speaks' }] : [];
}

/** What a service may ask for by KServe's API and this version cannot do yet: said, never ignored. */
function findUnsupported(service: InferenceService): readonly Problem[] {
  const { predictor, transformer, explainer, canary, canaryTrafficPercent, shadow } = service.spec;
  const asked: Readonly<Record<string, unknown>> = {
    'spec.transformer': transformer,
    'spec.explainer': explainer,
    'spec.canary': canary,
    'spec.canaryTrafficPercent': canaryTrafficPercent,
    'spec.shadow': shadow,
    'spec.predictor.canaryTrafficPercent': predictor.canaryTrafficPercent,
    'spec.predictor.workerSpec': predictor.workerSpec,
    'spec.predictor.logger': predictor.logger,
    'spec.predictor.batcher': predictor.batcher,
    'spec.predictor.storageUris': predictor.storageUris,
    'spec.predictor.storageContainerName': predictor.storageContainerName,
    'spec.predictor.model.storage': predictor.model?.storage,
    'spec.predictor.model.confidential': predictor.model?.confidential,
    [`metadata.annotations["${ANNOTATION.stop}"]`]: service.metadata.annotations?.[ANNOTATION.stop]?.toLowerCase() === 'true' ? true : undefined,
  };
  return Object.entries(asked)
    .filter(([, value]) => value !== undefined)
    .map(([path]) => toProblem(new TerminalError('ISVC_RENDER_UNSUPPORTED', 'is not rendered by this version', { path, hint: 'remove it, or let KServe\'s own controller serve this resource' })));
}

function toProblem(error: IsvcError): Problem {
  return { code: error.code, severity: 'error', path: error.path ?? 'spec', message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
}
