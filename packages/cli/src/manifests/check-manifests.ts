import {
  KINDS, didYouMean, isInferenceGraph, isInferenceService, objectKey, validateInferenceGraph, validateInferenceService, validateServingRuntime, type InferenceGraph, type InferenceService, type KubeObject, type Problem,
} from 'cdk8s-kserve/api';
import { isRuntime, render, renderGraph, worldFromObjects, type World } from 'cdk8s-kserve/render';
import type { LocatedProblem, Manifest } from './manifest';

/** Everything wrong with a set of manifests, each at its line: every object alone, and each service in the set's world. */
export function checkManifests(manifests: readonly Manifest[]): readonly LocatedProblem[] {
  const { world, problems: configProblems } = worldFromObjects(manifests.map((m) => m.object));
  const found = manifests.flatMap((manifest) => problemsOf(manifest.object).map((problem) => locate(problem, manifest)));
  const broken = new Set(found.filter((p) => p.severity === 'error').map((p) => p.subject));
  for (const manifest of manifests) {
    if (broken.has(subjectOf(manifest.object))) continue;
    found.push(...renderProblems(manifest.object, world).map((problem) => locate(problem, manifest)));
  }
  const config = manifests.find((m) => m.object.kind === 'ConfigMap' && configProblems.length > 0);
  if (config) found.push(...configProblems.map((problem) => locate(problem, config)));
  return [...found, ...duplicates(manifests)];
}

function renderProblems(object: KubeObject, world: World): readonly Problem[] {
  if (isInferenceService(object)) return render(object as InferenceService, world).problems;
  return isInferenceGraph(object) ? renderGraph(object as InferenceGraph, world).problems : [];
}

function problemsOf(object: KubeObject): readonly Problem[] {
  if (isInferenceService(object)) return validateInferenceService(object as InferenceService);
  if (isInferenceGraph(object)) return validateInferenceGraph(object as InferenceGraph);
  if (isRuntime(object)) return validateServingRuntime(object);
  return misspeltKind(object);
}

/** A kind of KServe's group that does not exist is a typo; other groups' kinds are not ours to judge. */
function misspeltKind(object: KubeObject): readonly Problem[] {
  const [group, version] = object.apiVersion.split('/');
  const ours = KINDS.filter((k) => k.group === group);
  const known = ours.find((k) => k.kind === object.kind);
  if (ours.length === 0 || (known && known.version === version)) return [];
  if (known) {
    return [{ code: 'ISVC_API_UNKNOWN_KIND', severity: 'error', path: 'apiVersion', message: `${object.kind} is served as ${known.apiVersion}, got ${object.apiVersion}`, hint: `write ${known.apiVersion}` }];
  }
  const hint = didYouMean(object.kind, ours.map((k) => k.kind)) ?? `kinds here are ${ours.map((k) => k.kind).join(', ')}`;
  return [{ code: 'ISVC_API_UNKNOWN_KIND', severity: 'error', path: 'kind', message: `nothing here serves kind ${object.kind} of ${object.apiVersion}`, hint }];
}

/** Two manifests for one object: the later would overwrite the earlier without a word. */
function duplicates(manifests: readonly Manifest[]): readonly LocatedProblem[] {
  const first = new Map<string, Manifest>();
  const found: LocatedProblem[] = [];
  for (const manifest of manifests) {
    const { apiVersion, kind, metadata } = manifest.object;
    const key = `${apiVersion}/${kind}/${metadata.namespace ?? 'default'}/${metadata.name}`;
    const earlier = first.get(key);
    if (!earlier) {
      first.set(key, manifest);
      continue;
    }
    const { line } = earlier.position('metadata.name');
    found.push(locate({ code: 'ISVC_API_INVALID_VALUE', severity: 'error', path: 'metadata.name', message: `the same object stands in ${earlier.file}:${line} already`, hint: 'remove or rename one of them' }, manifest));
  }
  return found;
}

function locate(problem: Problem, manifest: Manifest): LocatedProblem {
  const { code, severity, message, hint, path } = problem;
  return {
    file: manifest.file, position: manifest.position(path), code, severity, message: `${path}: ${message}`, subject: subjectOf(manifest.object), ...(hint ? { hint } : {}),
  };
}

function subjectOf(object: KubeObject): string {
  return `${object.kind} ${objectKey(object.metadata)}`;
}
