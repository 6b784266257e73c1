import {
  KINDS, checkSchema, didYouMean, isInferenceGraph, isInferenceService, isJsonObject, isTrainedModel, kindDefinition, manifestSchema, validateInferenceGraph, validateInferenceService,
  validateServingRuntime, validateTrainedModel, type InferenceGraph, type InferenceService, type KubeObject, type Problem, type TrainedModel,
} from '../api';
import { int, listOf, obj, str, stringMap } from '../api/schema/build';
import type { StructuralSchema } from '../api/schema/structural-schema';
import { isRuntime } from '../render';

const any: StructuralSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/** ObjectMeta, which an API server checks for every kind. */
const METADATA = obj({
  name: str(), generateName: str(), namespace: str(), labels: stringMap(), annotations: stringMap(), uid: str(), resourceVersion: str(), generation: int(),
  creationTimestamp: str({ nullable: true }), deletionTimestamp: str({ nullable: true }), deletionGracePeriodSeconds: int({ nullable: true }), finalizers: listOf(str()),
  ownerReferences: listOf(any), managedFields: any, selfLink: str(),
});

/** What is wrong with any object's metadata, whatever its kind. */
export function metadataProblems(object: KubeObject): readonly Problem[] {
  return checkSchema(METADATA, withoutNulls(object.metadata), 'metadata');
}

/** An empty `annotations:` is null in YAML, and an API server takes it for an empty map. */
function withoutNulls(metadata: KubeObject['metadata']): unknown {
  return isJsonObject(metadata) ? Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null)) : metadata;
}

/** What is wrong with an object of one of our kinds, looked at alone. */
export function objectProblems(object: KubeObject): readonly Problem[] {
  if (isInferenceService(object)) return validateInferenceService(object as InferenceService);
  if (isRuntime(object)) return validateServingRuntime(object);
  if (isInferenceGraph(object)) return validateInferenceGraph(object as InferenceGraph);
  if (isTrainedModel(object)) return validateTrainedModel(object as TrainedModel);
  const definition = kindDefinition(object.apiVersion, object.kind);
  return definition ? checkSchema(manifestSchema(definition), object, '') : misspeltKind(object);
}

/** A kind of KServe's group that does not exist is a typo; other groups' kinds are not ours to judge. */
function misspeltKind(object: KubeObject): readonly Problem[] {
  const [group, version] = object.apiVersion.split('/');
  const ours = KINDS.filter((k) => k.group === group);
  const known = ours.find((k) => k.kind === object.kind);
  if (known) {
    if (known.version === version) return [];
    return [{ code: 'ISVC_API_UNKNOWN_KIND', severity: 'error', path: 'apiVersion', message: `${object.kind} is served as ${known.apiVersion}, got ${object.apiVersion}`, hint: `write ${known.apiVersion}` }];
  }
  if (ours.length > 0) {
    const hint = didYouMean(object.kind, ours.map((k) => k.kind)) ?? `kinds here are ${ours.map((k) => k.kind).join(', ')}`;
    return [{ code: 'ISVC_API_UNKNOWN_KIND', severity: 'error', path: 'kind', message: `nothing here serves kind ${object.kind} of ${object.apiVersion}`, hint }];
  }
  return misspeltGroup(object);
}

/** One of our kinds under a group that nobody serves it in: the group is misspelt. */
function misspeltGroup(object: KubeObject): readonly Problem[] {
  const meant = KINDS.find((k) => k.kind === object.kind);
  if (!meant || meant.kind === 'ServingRuntime') return [];
  return [{ code: 'ISVC_API_UNKNOWN_KIND', severity: 'error', path: 'apiVersion', message: `${object.kind} belongs to ${meant.apiVersion}, got ${object.apiVersion}`, hint: `write ${meant.apiVersion}` }];
}

/** Whether fields cannot be read by their types; an unknown field does no harm to the others. */
export function unusable(object: KubeObject, problems: readonly Problem[]): boolean {
  const ours = kindDefinition(object.apiVersion, object.kind) !== undefined;
  if (ours) return problems.some(breaksTypes);
  return (object.kind === 'ServiceAccount' && !isListOfMaps(object['secrets'])) || (object.kind === 'ConfigMap' && !isTextMap(object['data']));
}

function breaksTypes(problem: Problem): boolean {
  return problem.severity === 'error' && (problem.code === 'ISVC_API_WRONG_TYPE' || problem.code === 'ISVC_API_REQUIRED');
}

function isListOfMaps(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.every(isJsonObject));
}

function isTextMap(value: unknown): boolean {
  return value === undefined || value === null || (isJsonObject(value) && Object.values(value).every((v) => typeof v === 'string'));
}
