import { ANNOTATION, PROTOCOL_VERSIONS, TerminalError, didYouMean, type ModelSpec, type ProtocolVersion, type ServingRuntime } from '../api';
import { asksForAccelerator } from './accelerators';
import type { Decision } from './types';

export interface RuntimeChoice {
  readonly runtime: ServingRuntime;
  readonly decision: Decision;
}

/**
 * Chooses the runtime of a model as KServe does: a named one if it is fit, otherwise the best of those that may be
 * chosen, the namespace's own before the cluster's.
 *
 * @param runtimes all runtimes of the world; those of other namespaces are ignored.
 * @param multiNode whether the model is spread over several nodes, which only runtimes with a workerSpec can do.
 * @throws TerminalError ISVC_RENDER_RUNTIME_NOT_FOUND, _DISABLED, _UNSUITABLE or ISVC_RENDER_NO_RUNTIME, which says why each was passed over.
 */
export function selectRuntime(model: ModelSpec, namespace: string, runtimes: readonly ServingRuntime[], multiNode = false): RuntimeChoice {
  const visible = runtimes.filter((r) => r.kind === 'ClusterServingRuntime' || r.metadata.namespace === namespace);
  return model.runtime ? namedRuntime(model, model.runtime, visible, multiNode) : bestRuntime(model, visible, multiNode);
}

function namedRuntime(model: ModelSpec, name: string, visible: readonly ServingRuntime[], multiNode: boolean): RuntimeChoice {
  const path = 'spec.predictor.model.runtime';
  const found = visible.filter((r) => r.metadata.name === name).sort((a, b) => scopeRank(a) - scopeRank(b))[0];
  if (!found) {
    const near = didYouMean(name, visible.map((r) => r.metadata.name));
    throw new TerminalError('ISVC_RENDER_RUNTIME_NOT_FOUND', `no ServingRuntime or ClusterServingRuntime is called "${name}"`, {
      path, hint: near ?? 'create it, or remove the field to have one chosen',
    });
  }
  if (found.spec.disabled) throw new TerminalError('ISVC_RENDER_RUNTIME_DISABLED', `runtime "${name}" is disabled`, { path, hint: 'enable it or name another' });
  const unfit = model.protocolVersion && !supportsProtocol(found, model.protocolVersion)
    ? `does not support protocol ${model.protocolVersion} (it has ${protocolsOf(found)})`
    : multiNode && !found.spec.workerSpec ? 'serves on one node only'
    : supportsFormat(found, model, false) ? undefined : `does not support ${formatOf(model)} (it has ${formatsOf(found)})`;
  if (unfit) throw new TerminalError('ISVC_RENDER_RUNTIME_UNSUITABLE', `runtime "${name}" ${unfit}`, { path, hint: 'name another runtime or remove the field' });
  return { runtime: found, decision: { topic: 'runtime', choice: describe(found), because: 'the model names it' } };
}

function bestRuntime(model: ModelSpec, visible: readonly ServingRuntime[], multiNode: boolean): RuntimeChoice {
  const fit: ServingRuntime[] = [];
  for (const runtime of visible) if (!unfitness(runtime, model, multiNode)) fit.push(runtime);
  fit.sort((a, b) => compareRuntimes(a, b, model.modelFormat.name));
  const [best, ...others] = fit;
  if (!best) {
    const formats = visible.flatMap((r) => (r.spec.supportedModelFormats ?? []).map((f) => f.name));
    const near = formats.includes(model.modelFormat.name) ? undefined : didYouMean(model.modelFormat.name, formats);
    const relevant = visible.length > 0 ? whyNot(visible, model, multiNode) : 'there are no runtimes at all';
    throw new TerminalError('ISVC_RENDER_NO_RUNTIME', `no runtime supports ${formatOf(model)} with protocol ${model.protocolVersion ?? 'v1'}: ${relevant}`, {
      path: 'spec.predictor.model.modelFormat', hint: near ?? 'change the format or protocol, or add a ServingRuntime that supports it',
    });
  }
  const because = others.length === 0
    ? `the only one that supports ${formatOf(model)} with protocol ${model.protocolVersion ?? 'v1'}`
    : `first by scope, priority and protocol before ${others.map((r) => r.metadata.name).join(', ')}`;
  return { runtime: best, decision: { topic: 'runtime', choice: describe(best), because } };
}

/** Runtimes that know the format say why they do not serve it; where none knows it, the formats that are known are the answer. */
function whyNot(passedOver: readonly ServingRuntime[], model: ModelSpec, multiNode: boolean): string {
  const relevant = passedOver.filter((r) => r.spec.supportedModelFormats?.some((f) => f.name === model.modelFormat.name));
  if (relevant.length > 0) return relevant.map((r) => `${r.metadata.name} ${unfitness(r, model, multiNode)?.()}`).sort().join('; ');
  const known = new Set(passedOver.flatMap((r) => (r.spec.supportedModelFormats ?? []).map((f) => f.name)));
  return `formats with a runtime are ${[...known].sort().join(', ')}`;
}

/** Says why a runtime cannot be chosen without being named; undefined when it can. The words are put together only when they are asked for. */
function unfitness(runtime: ServingRuntime, model: ModelSpec, multiNode: boolean): (() => string) | undefined {
  if (runtime.spec.disabled) return () => 'is disabled';
  if (runtime.spec.multiModel) return () => 'serves several models only';
  if (runtime.spec.workerSpec && !multiNode) return () => 'is for several nodes';
  if (!runtime.spec.workerSpec && multiNode) return () => 'is for one node';
  // A model without a protocol is a V1 model; that is what its clients will speak.
  if (!supportsProtocol(runtime, model.protocolVersion ?? 'v1')) return () => `has protocols ${protocolsOf(runtime)}`;
  if (!supportsFormat(runtime, model, true)) return () => `has formats ${formatsOf(runtime)}`;
  // KServe differs: it knows no such annotation. Without it a GPU would be paid for and never used.
  if (runtime.metadata.annotations?.[ANNOTATION.cpuOnly] === 'true' && asksForAccelerator(model.resources)) return () => 'computes on the CPU only';
  return undefined;
}

function compareRuntimes(a: ServingRuntime, b: ServingRuntime, format: string): number {
  return (
    scopeRank(a) - scopeRank(b) ||
    priorityOf(b, format) - priorityOf(a, format) ||
    protocolRank(a) - protocolRank(b) ||
    compareText(b.metadata.creationTimestamp ?? '', a.metadata.creationTimestamp ?? '') ||
    compareText(a.metadata.name, b.metadata.name)
  );
}

function supportsProtocol(runtime: ServingRuntime, protocol: ProtocolVersion): boolean {
  const { protocolVersions } = runtime.spec;
  return !protocolVersions || protocolVersions.length === 0 || protocolVersions.includes(protocol);
}

/** Versions compare as text: "1" is not "1.0"; a model without a version takes any. */
function supportsFormat(runtime: ServingRuntime, model: ModelSpec, autoSelectOnly: boolean): boolean {
  const { name, version } = model.modelFormat;
  return (runtime.spec.supportedModelFormats ?? []).some(
    (f) => f.name === name && (version === undefined || f.version === version) && (!autoSelectOnly || f.autoSelect === true),
  );
}

/** The lowest protocol of a runtime, which a model without one gets. */
export function lowestProtocol(runtime: ServingRuntime): ProtocolVersion | undefined {
  return PROTOCOL_VERSIONS[protocolRank(runtime)];
}

function protocolRank(runtime: ServingRuntime): number {
  const rank = PROTOCOL_VERSIONS.findIndex((p) => runtime.spec.protocolVersions?.includes(p));
  return rank === -1 ? PROTOCOL_VERSIONS.length : rank;
}

/** Priority of the first listed format of that name, whatever its version; none sorts last. */
function priorityOf(runtime: ServingRuntime, format: string): number {
  return (runtime.spec.supportedModelFormats ?? []).find((f) => f.name === format)?.priority ?? 0;
}

function scopeRank(runtime: ServingRuntime): number {
  return runtime.kind === 'ServingRuntime' ? 0 : 1;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function describe(runtime: ServingRuntime): string {
  return `${runtime.kind} ${runtime.metadata.name}`;
}

function formatOf(model: ModelSpec): string {
  const { name, version } = model.modelFormat;
  return `format "${name}"${version ? ` version "${version}"` : ''}`;
}

function formatsOf(runtime: ServingRuntime): string {
  const formats = (runtime.spec.supportedModelFormats ?? []).map((f) => `${f.name}${f.version ? `:${f.version}` : ''}${f.autoSelect ? '' : ' (only by name)'}`);
  return formats.join(', ') || 'none';
}

function protocolsOf(runtime: ServingRuntime): string {
  return runtime.spec.protocolVersions?.join(', ') || 'any';
}
