import { IsvcError, TerminalError, defaultInferenceService, hasErrors, validateInferenceService, type InferenceService, type Problem } from '../api';
import { isStopped, resolveMode } from './mode';
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
  const problems = [...validateInferenceService(resource, mode)];
  if (hasErrors(problems)) return { mode, children: [], decisions: [decision], problems };
  if (isStopped(resource)) {
    return { mode, children: [], decisions: [decision, { topic: 'stop', choice: 'no children', because: 'the stop annotation is true' }], problems, stopped: true };
  }
  const service = defaultInferenceService(resource, world.config);
  const unsupported = findUnsupported(service);
  if (unsupported.length > 0) return { mode, children: [], decisions: [decision], problems: [...problems, ...unsupported] };
  try {
    const version = buildVersion(service, mode, world);
    const rendered = mode === 'Standard' ? renderRaw(service, version, world) : renderServerless(service, version, world);
    const { runtime } = version;
    return {
      mode,
      children: rendered.children,
      decisions: [decision, ...version.decisions, ...protocolDecision(service, runtime ? lowestProtocol(runtime) : undefined), ...rendered.decisions],
      problems,
      ...(runtime ? { runtime: { kind: runtime.kind, name: runtime.metadata.name } } : {}),
      endpoints: rendered.endpoints,
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

/** What a service may ask for by KServe's API and this version cannot do yet: said, never ignored. */
function findUnsupported(service: InferenceService): readonly Problem[] {
  const { predictor } = service.spec;
  const asked: Readonly<Record<string, unknown>> = { 'spec.predictor.workerSpec': predictor.workerSpec };
  return Object.entries(asked)
    .filter(([, value]) => value !== undefined)
    .map(([path]) => toProblem(new TerminalError('ISVC_RENDER_UNSUPPORTED', 'is not rendered by this version', { path, hint: 'remove it, or let KServe\'s own controller serve this resource' })));
}

export function toProblem(error: IsvcError): Problem {
  return { code: error.code, severity: 'error', path: error.path ?? 'spec', message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
}
